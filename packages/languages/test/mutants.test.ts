import { expect, it } from "vitest";
import { mutantsOf } from "../src/mutants.ts";

const told = (text: string, path: string) =>
  mutantsOf(text, path).map(({ line, before, after }) => `${line}: ${before} ${after}`);

it.each([
  [
    "a.ts",
    "const f = (n: number) => n >= 3 && n + 1 !== 9;",
    ["1: >= >", "1: 3 4", "1: && ||", "1: + -", "1: 1 2", "1: !== ===", "1: 9 10", "1: n >= 3 && n + 1 !== 9 null"],
  ],
  [
    "a.js",
    "\n  return 'no' + 1.5 || true;\n",
    ["2: 'no' 'no~'", "2: + -", "2: 1.5 2.5", "2: || &&", "2: true false", "2: 'no' + 1.5 || true null"],
  ],
  [
    "a.py",
    "def f(a):\n    return a // 2 if a and not a < 0 else 'x'\n",
    [
      "2: // *",
      "2: 2 3",
      "2: and or",
      "2: < <=",
      "2: 0 1",
      "2: 'x' 'x~'",
      "2: a // 2 if a and not a < 0 else 'x' None",
    ],
  ],
  [
    "a.go",
    'package a\n\nfunc f(a int) bool { return a%2 == 0 || g("x") }\n',
    ["3: % +", "3: 2 3", "3: == !=", "3: 0 1", "3: || &&", '3: "x" "x~"'],
  ],
  ["call.js", "f(1 + 2);\n", ["1: 1 2", "1: + -", "1: 2 3"]],
])("makes one small fault at a time in %s", (path, text, expected) => {
  expect(told(text, path).toSorted()).toEqual(expected.toSorted());
});

it.each([
  ["names of modules", "a.js", "import a from 'a';\nexport { b } from 'b';\nconst c = require('c');\n"],
  ["texts that document or switch a mode", "a.js", "'use strict';\n"],
  ["texts that document in Python", "a.py", "'''All.'''\n\n\ndef f():\n    'one'\n"],
  ["types", "a.ts", "type A = 'a' | 'b';\nfunction f(a: 'a' | 1): Array<2> {}\n"],
  ["texts with escapes, patterns and numbers in other notations", "a.js", "f('a\\n', /a+/, 0x10, 1e3, '');\n"],
  ["names that every object has", "a.js", "class A { constructor() {} toString() {} }\n"],
  ["words within texts of Go", "a.go", 'package a\n\nvar a, b = "\\ttrue", `true`\n'],
  ["negations, which are no operation of two", "a.js", "f(!a, -b);\n"],
])("makes no mutant of %s", (_what, path, text) => {
  expect(told(text, path)).toEqual([]);
});

it("names the functions, classes and variables around a mutant's fault", () => {
  const within = (text: string, path: string) => mutantsOf(text, path).map((mutant) => mutant.within);
  expect(within("class A { f() { const b = 1; } }\n", "a.js")).toEqual([["A", "f", "b"]]);
  expect(within("class A:\n    def f(self):\n        g(1)\n", "a.py")).toEqual([["A", "f"]]);
  expect(within("package a\n\nfunc f() { g(1) }\n", "a.go")).toEqual([["f"]]);
  expect(within("f(1);\n", "a.js")).toEqual([[]]);
});

it("reports the place of a mutant's fault in the text", () => {
  const text = "const a = 1;\nconst b = 'é' + 2;\n";
  for (const { from, to, before } of mutantsOf(text, "a.js")) expect(text.slice(from, to)).toBe(before);
});
