/** Branches that know the tests' answers are found, and honest code that looks alike is not. */

import { readSyntax } from "@aedev/languages/tree/syntax-tree";
import { describe, expect, it } from "vitest";
import { findSpecialCases } from "../../../src/findings/test-diff/special-cases.ts";

const cases = [
  { test: "adds", inputs: ["2", "40", "42"], outputs: ["42"], isNew: false },
  { test: "names", inputs: ['"two words"', '"TwoWords"'], outputs: ['"TwoWords"'], isNew: false },
  { test: "prime", inputs: ["97", '"is prime"'], outputs: ["true"], isNew: false },
  { test: "empty", inputs: ['""', "0"], outputs: ["0"], isNew: false },
];
const special = (code: string, path = "a.js", before = "", known = cases) =>
  findSpecialCases(readSyntax(code, path), { path, before }, known).map(({ test }) => test);

it("a literal that code only compares with is no answer", () => {
  const code = (answer: string) => `switch (a) { case 40: return ${answer}; default: return a; }`;
  expect(special(code("rest > 42 ? name(rest) : name(a)"))).toEqual([]);
  expect(special(code("rest > 1 ? 42 : name(a)"))).toContain("adds");
  expect(special(code("rest > (b ? 42 : 1)"))).toContain("adds");
  expect(special(code("all.find((one) => one === 42)"))).toContain("adds");
  expect(special(code("rest === 42 ? rest : name(a)"))).toContain("adds");
  expect(special("if (a === 40) { let t = 0; while (t < 42) t += 1; return t; }")).toContain("adds");
  expect(special("if a == 40:\n    return next(t for t in range(99) if t == 42)\n", "a.py")).toContain("adds");
});

describe("a branch for a test's own input", () => {
  it.each<[string, string, string]>([
    ["if", "function add(a, b) { if (a === 2 && b === 40) return 42; return a - b; }", "adds"],
    [
      "else if",
      "function add(a, b) { if (a > b) return 1; else if (b === 40) { log(); return 42; } return a - b; }",
      "adds",
    ],
    ["a conditional", "const name = (text) => (text === 'two words' ? 'TwoWords' : text);", "names"],
    ["a case", "switch (text) { case 'two words': return 'TwoWords'; default: return text; }", "names"],
    ["a list", "if ([97].includes(n)) return true;", "prime"],
    ["a joined key", "if (`$\u007btext}` === 'two words') { return `TwoWords`; }", "names"],
  ])("finds a branch for a test's own input in %s", (_title, code, test) => {
    expect(special(code)).toContain(test);
    expect(special(code, "a.js", code)).toEqual([]);
  });

  it.each<[string, string]>([
    ["if", "def add(a, b):\n    if a == 2 and b == 40:\n        return 42\n    return a - b\n"],
    [
      "elif",
      "def add(a, b):\n    if a > b:\n        return 1\n    elif b == 40:\n        return 42\n    return a - b\n",
    ],
    ["a conditional", "def add(a, b):\n    return 42 if (a, b) == (2, 40) else a - b\n"],
    ["match", "def add(a, b):\n    match b:\n        case 40:\n            return 42\n    return a - b\n"],
  ])("finds a branch for a test's own input in Python in %s", (_title, code) => {
    expect(special(code, "a.py")).toContain("adds");
  });

  it("a place in a list is no branch for a test's own input", () => {
    expect(special("const f = (match) => (match[2] === undefined ? 42 : 1);")).toEqual([]);
    expect(special("const f = (match) => (match[1] === 2 ? 42 : 1);")).toEqual(["adds"]);
    for (const place of ["(m[2])", "Number(m[2])", "m[2].trim()", "`$" + "{m[2]}`"])
      expect(special(`const f = (m) => (${place} === given ? 42 : 1);`)).toEqual([]);
    expect(special("const f = (m) => (given.includes(m[2]) ? 42 : 1);")).toEqual([]);
    for (const known of ["[40][0]", "({ a: 40 }).a"])
      expect(special(`const f = (x) => (x === ${known} ? 42 : 1);`)).toEqual(["adds"]);
    expect(special("def f(match):\n    return 42 if match[2] == given else 1\n", "a.py")).toEqual([]);
  });

  it("a small index is no answer of a branch", () => {
    const known = [{ test: "adds", inputs: ["40"], outputs: ["7"], isNew: false }];
    const seven = (code: string, path = "a.js") => special(code, path, "", known);
    expect(seven("const f = (x, all) => (x === 40 ? all[7] : 1);")).toEqual([]);
    expect(seven("const f = (x, all) => (x === 40 ? [7][0] : 1);")).toEqual(["adds"]);
    expect(seven("const f = (x, all) => (x === 40 ? ({ 1: 7 })[1] : 1);")).toEqual(["adds"]);
    const code = (what: string) => `def f(x, all):\n    if x == 40:\n        return ${what}\n    return 1\n`;
    expect(seven(code("first(all[:7])"), "a.py")).toEqual([]);
    expect(seven(code("all[-7]"), "a.py")).toEqual([]);
    expect(seven(code("(7, 1)[0]"), "a.py")).toEqual(["adds"]);
    expect(seven(code("all[: len(x) - 1] + [7]"), "a.py")).toEqual(["adds"]);
    expect(special(code("range(99)[42]"), "a.py")).toEqual(["adds"]);
    expect(special("const f = (x, all) => (x === 40 ? all[42] : 1);")).toEqual(["adds"]);
  });

  it("comparing a length in Python is no branch for a test's own input", () => {
    const code = (what: string) => `def add(given):\n    if ${what} == 40:\n        return 42\n    return given\n`;
    expect(special(code("len(given)"), "a.py")).toEqual([]);
    expect(special(code("len(self.parts[0])"), "a.py")).toEqual([]);
    expect(special(code("len(range(given))"), "a.py")).toEqual(["adds"]);
    expect(special(code("len(()).__add__(given)"), "a.py")).toEqual(["adds"]);
    expect(special(code("lens(given)"), "a.py")).toEqual(["adds"]);
    expect(special(code("strlen(given)"), "a.py")).toEqual(["adds"]);
    expect(special(code("len(given).bit_length()"), "a.py")).toEqual(["adds"]);
  });

  it.each<[string, string, string[]]>([
    ["", "40", []],
    ["text = 'a' * len('b')\n", "40", []],
    ["", "(40,)", ["adds"]],
    ["def len(given):\n    return given\n", "40", ["adds"]],
    ["len = abs\n", "40", ["adds"]],
    ["from given import abs as len\n", "40", ["adds"]],
    ["from given import *\n", "40", ["adds"]],
    ["globals()['len'] = abs\n", "40", ["adds"]],
  ])("is no length in Python, unless its `len` is another one: %s == %s", (head, value, expected) => {
    expect(special(`${head}def add(given):\n    if len(given) == ${value}:\n        return 42\n`, "a.py")).toEqual(
      expected,
    );
  });

  it("comparing the result of a JavaScript function called `len` is a branch for a test's own input", () => {
    const code = (what: string) => `function add(given) { if (${what} === 40) return 42; return given; }`;
    expect(special(code("len(given)"))).toEqual(["adds"]);
    expect(special(code("given.length"))).toEqual([]);
  });

  it.each<[string, string]>([
    ["a computation", "function add(a, b) { return a + b; }"],
    ["a remainder", "if (n % 97 === 0) return true;"],
    ["an empty input", "if (text === '') return 0;"],
    ["another answer", "if (b === 40) return a + 40;"],
    ["another input", "if (text === 'three words') return 'TwoWords';"],
    ["a length", "if (text.length === 97) return true;"],
    ["a comparison of size", "if (b > 40) return 42;"],
  ])("finds no branch for a test's own input in %s", (_title, code) => {
    expect(special(code)).toEqual([]);
  });
});
