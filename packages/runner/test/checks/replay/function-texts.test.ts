/** Which functions a file has, and what they mention. */
import { expect, it } from "vitest";
import { functionsIn } from "../../../src/checks/replay/function-texts.ts";

const mentionsOf = (text: string, path: string) =>
  Object.fromEntries(
    functionsIn(text, path).map(({ name, mentions }) => [name, mentions.filter((one) => one.length > 2)]),
  );
const digestOf = (text: string, name: string) => functionsIn(text, "a.ts").find((one) => one.name === name)?.digest;

it("finds functions of JavaScript, Python and Go with the names that they mention", () => {
  expect(
    mentionsOf(
      "export function climb(a) { return table(a); }\nconst rise = (x) => climb(x);\nclass A { count() { return this.total; } }",
      "a.js",
    ),
  ).toEqual({
    climb: ["climb", "return", "table"],
    rise: ["rise", "climb"],
    count: ["count", "return", "this", "total"],
  });
  expect(mentionsOf("class A:\n    @property\n    def total(self):\n        return self.count()\n", "a.py")).toEqual({
    total: ["total", "self", "return", "count"],
  });
  expect(mentionsOf("package a\nfunc (m *Meter) Turn() int { return size(m) }\n", "a.go")).toEqual({
    Turn: ["Turn", "int", "return", "size"],
  });
});

it("leaves out a name that stands for several functions, and what is inside of one", () => {
  expect(mentionsOf("class A { go() {} }\nclass B { go() {} }\nfunction one() { function two() {} }", "a.js")).toEqual({
    one: ["one", "function", "two"],
  });
});

it("tells whether a function is the same, whatever surrounds it", () => {
  const text = "export const f = (x: number) => g(x);\nfunction g(x) { return x; }\n";
  expect(digestOf(text.replace("return x", "return x + 1"), "f")).toBe(digestOf(text, "f"));
  expect(digestOf(text.replace("=> g(x)", "=> g(x + 1)"), "f")).not.toBe(digestOf(text, "f"));
});
