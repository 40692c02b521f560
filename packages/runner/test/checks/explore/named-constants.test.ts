import { expect, it } from "vitest";
import { namedConstants, withConstants } from "../../../src/checks/explore/named-constants.ts";

const removed = (before: string, now = "") => namedConstants([before], [now]).removed;

it("finds the texts and numbers of lines that only one side has, each once and in order", () => {
  const found = namedConstants(
    ['case "MWh":\n  return 1e3 * 1000;', "same(5);"],
    ["  same(5);", "const units = { MWh: 2.5, 'k\"Wh': 1_000 };"],
  );
  expect(found).toEqual({
    removed: { texts: ["MWh"], limits: [], numbers: [1000] },
    added: { texts: ['k"Wh', "MWh"], limits: [], numbers: [2.5, 1000] },
  });
});

it.each([
  ["a line comment", "// 'text' 7"],
  ["a line of a block comment", "* 'text' 7"],
  ["a comment of Python", "# 'text' 7"],
  ["an import", "import { text } from './7.js';"],
  ["an import of Python", "from text import 'x'"],
  ["a required module", "const x = require('text')"],
  ["an export of another file", "export { text } from './7.js';"],
  ["a template with a value", "`text $" + "{one}`"],
  ["an empty text", "f('')"],
  ["a long text", `f('${"x".repeat(41)}')`],
  ["a long line", `f('text')${" ".repeat(400)};`],
])("finds no constant in %s", (_what, line) => {
  expect(removed(line)).toEqual({ texts: [], limits: [], numbers: [] });
});

it("reads keys as texts, but not digits of a name as a number", () => {
  expect(removed("{ one: a1, 'two': b.5c, x::three }")).toEqual({ texts: ["two", "one"], limits: [], numbers: [] });
});

it("multiplies numbers that stand as factors", () => {
  expect(removed("busy(24 * 60)")).toEqual({ texts: [], limits: [], numbers: [1440, 24, 60] });
});

it.each([
  ["a private field", "#limit = 1440;", []],
  ["a factor at the start of a line", "* 1440", []],
  ["a key that is a word of imports", "from: 1440, unit: 'MWh',", ["MWh", "from", "unit"]],
  ["behind a comment", "/**/ f('MWh', 1440)", ["MWh"]],
  ["before a comment with a word of imports", "f('MWh', 1440); // require(x)", ["MWh"]],
  ["hexadecimal digits", "f(0x5a0)", []],
  ["an exponent", "f(1.44e3)", []],
])("reads %s", (_what, line, texts) => {
  expect(removed(line)).toEqual({ texts, limits: [], numbers: [1440] });
});

it.each(["n > 1440", "n<1440", "n === 1440", "n != 1440", "1440 >= n"])(
  "treats the number of %s as a limit",
  (line) => {
    expect(removed(`if (${line}) f(7 << 2);`)).toMatchObject({ limits: [1440, 7, 2] });
    expect(removed("f((n) => 1440 << 3)")).toMatchObject({ limits: [], numbers: [1440, 3] });
  },
);

it("finds a bounded number of constants", () => {
  const lines = Array.from({ length: 30 }, (_, index) => `f('t${index}', ${index})`);
  const { texts, numbers } = removed(lines.join("\n"));
  expect([texts.length, numbers.length]).toEqual([16, 8]);
});

it("replaces each constant of a text by the others, then the whole text", () => {
  expect(withConstants("1.5 kWh", ["kWh", "MWh", "$&"])).toEqual(["1.5 MWh", "1.5 $&", "kWh", "MWh", "$&"]);
  expect(withConstants("kWh", ["kWh", "MWh"])).toEqual(["MWh"]);
});
