import { expect, it } from "vitest";
import { namedConstants, withConstants } from "../../../src/checks/explore/named-constants.ts";

const removed = (before: string, now = "") => namedConstants([before], [now]).removed;

it("finds the texts and numbers of lines that only one side has, each once and in their order", () => {
  const found = namedConstants(
    ['case "MWh":\n  return 1e3 * 1000;', "same(5);"],
    ["  same(5);", "const units = { MWh: 2.5, 'k\"Wh': 1_000 };"],
  );
  expect(found).toEqual({
    removed: { texts: ["MWh"], numbers: [1000] },
    added: { texts: ['k"Wh', "MWh"], numbers: [2.5, 1000] },
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
])("reads nothing in %s", (_what, line) => {
  expect(removed(line)).toEqual({ texts: [], numbers: [] });
});

it("reads keys as texts, and no part of a name as a number", () => {
  expect(removed("{ one: a1, 'two': b.5c, x::three }")).toEqual({ texts: ["two", "one"], numbers: [] });
});

it("multiplies numbers that stand as factors", () => {
  expect(removed("busy(24 * 60)")).toEqual({ texts: [], numbers: [1440, 24, 60] });
});

it("is bounded", () => {
  const lines = Array.from({ length: 30 }, (_, index) => `f('t${index}', ${index})`);
  const { texts, numbers } = removed(lines.join("\n"));
  expect([texts.length, numbers.length]).toEqual([16, 8]);
});

it("puts a constant in the place of another that the text has, then of the text", () => {
  expect(withConstants("1.5 kWh", ["kWh", "MWh", "$&"])).toEqual(["1.5 MWh", "1.5 $&", "kWh", "MWh", "$&"]);
  expect(withConstants("kWh", ["kWh", "MWh"])).toEqual(["MWh"]);
});
