/** Variants of changed code: each leaves one thing out, only on changed lines, and only calculations. */

import { variantsOf } from "@aedev/languages/shared/variants";
import fc from "fast-check";
import { expect, it } from "vitest";
import { isWithinMoved, roundedOnBase } from "../../../src/checks/unneeded/unneeded.ts";

const whole = [{ first: 1, last: 99 }];
const afters = (text: string, path: string) => variantsOf(text, path, whole).map((variant) => variant.text);

it.each<[string, string, string, string[]]>([
  ["a slice", "a.js", "lines().slice(0, 5).map(f)", ["lines().map(f)"]],
  ["a slice of a text", "a.go", "package a\nvar x = up(bass[:1], by)", ["package a\nvar x = up(bass, by)"]],
  ["a slice of every second member", "a.py", "x = words[::2]", ["x = words"]],
  ["a slice without the last", "a.js", "x = words.slice(0, -1)", ["x = words"]],
  ["a slice of a list", "a.py", "x = words[1:]", ["x = words"]],
  ["a rounding", "a.py", "x = Fraction(int(amount))", ["x = Fraction((amount))"]],
  ["a limit, on both sides", "a.ts", "f(Math.max(a, b))", ["f((a))", "f((b))"]],
  ["a rest", "a.go", "package a\nvar x = up(bass, by%7)", ["package a\nvar x = up(bass, by)"]],
  ["a factor that is a condition", "a.py", "x = a * (b == c)", ["x = a"]],
  ["the first factor that is a condition", "a.js", "x = !b * a", ["x = a"]],
  ["a condition as a number", "a.js", "x = a * Number(b === c) + d", ["x = a + d"]],
  ["a question about an object", "a.py", "x = key(a) * hasattr(a, 'fake')", ["x = key(a)"]],
  ["a chosen factor", "a.js", "x = a * (b > c ? 1 : 0)", ["x = a"]],
  ["a factor that is true for a class", "a.js", "x = a * (b instanceof C)", ["x = a"]],
  ["a factor that is true for two reasons", "a.js", "x = a * (b && c)", ["x = a"]],
  ["a factor that is a number of a condition", "a.js", "x = a * +(b === c)", ["x = a"]],
  ["a choice with a comma at its end", "a.js", "x = [a, b, ][i]", ["x = (a)", "x = (b)"]],
  ["a choice", "a.py", "x = (a, b)[c in d]", ["x = (a)", "x = (b)"]],
  ["a factor that is set", "a.py", "x *= b == c", ["x"]],
  ["a factor that is set, in JavaScript", "a.js", "x *= +(b === c);", ["x;"]],
  ["a factor that is true for any of a list", "a.py", "x = a * any(b)", ["x = a"]],
  ["a factor that is true for all of a list", "a.py", "x = all(b) * a", ["x = a"]],
  ["a factor that asks a list", "a.js", "x = a * b.some(f)", ["x = a"]],
  ["a factor that asks all of a list", "a.js", "x = a * b.every(f)", ["x = a"]],
  ["a factor that looks for something", "a.js", "x = a * b.includes(c)", ["x = a"]],
  ["a factor that asks for an end", "a.js", "x = a * b.endsWith(c)", ["x = a"]],
  ["a slice, and not a choice, between truth values", "a.py", "x = rows[False:n][i]", ["x = rows[i]"]],
  ["a factor that asks a text", "a.py", "x = a * b.name.startswith('c')", ["x = a"]],
  ["a factor in a list", "a.py", "x = math.prod([a, b == c])", ["x = math.prod([a, 1])"]],
  ["a factor in a tuple", "a.py", "x = prod((not b, a), start=2)", ["x = prod((1, a), start=2)"]],
  ["a choice by a truth value", "a.py", "x = {True: a, False: b}[c]", ["x = (a)", "x = (b)"]],
  ["a choice by a truth value, in JavaScript", "a.js", "x = ({ true: a, false: b })[c]", ["x = (a)", "x = (b)"]],
  ["a choice from a list", "a.js", "x = [f(a), b][+(c === d)]", ["x = (f(a))", "x = (b)"]],
  [
    "a term with a number, and the number",
    "a.go",
    "package a\nvar x = by+len(kind)/3",
    ["package a\nvar x = by", "package a\nvar x = by+len(kind)"],
  ],
])("a variant leaves out %s", (_title, path, text, expected) => {
  expect(afters(text, path).toSorted()).toEqual(expected.toSorted());
});

it.each([
  ["bounds of 0 and 1", "a.js", "f(Math.max(0, a), Math.min(a, 1))"],
  ["copies of a whole list", "a.py", "x = a[:]\ny = b[ : ]\nz = c[0:]\nw = d[::]"],
  ["copies in JavaScript", "a.js", "a.slice(); b.slice(0)"],
  ["other functions", "a.js", "roundCents(sum * rate)"],
  ["what sorts or selects", "a.js", "list.filter(f).sort(g)"],
  ["comparisons and constants", "a.py", "x = 5\nif a > 7 and b[0] == 1: pass"],
  ["texts that are joined", "a.js", "a + ' and ' + b"],
  ["factors that are amounts", "a.py", "x = price * quantity * rate(a)"],
  ["factors that are set to amounts", "a.py", "x *= rate\nx += b == c\nx **= a == b"],
  ["products and sums of lists", "a.py", "x = math.prod([a, b])\ny = sum([a, b == c])\nz = prod(a if (b == c) else d)"],
  ["what a table has for a name", "a.py", "x = {'a': b, 'c': d}[e]\ny = {True: a, 'b': c}[d]\nz = {True: a}.get(b)"],
  ["what asks for no truth value", "a.js", "x = a * b.find(f) * some(c) * b.somewhat(d)"],
  ["a list with a hole", "a.js", "x = [, a][i]; y = [a, , b][i]"],
  ["what a divisor is multiplied by", "a.js", "x = a % (b === c) * d"],
  ["the last element, and a list of one", "a.py", "y = [a, b][-1]\nz = (a,)[i]"],
  ["elements at a place, and longer lists", "a.js", "x = [a, b][0]; y = rows[i]; z = ['a', 'b', 'c', 'd'][i];"],
])("no variant leaves out %s", (_title, path, text) => {
  expect(afters(text, path)).toEqual([]);
});

it("variants are made on changed lines only, and say what they leave out", () => {
  const text = "const a = b % 7;\nconst c = d % 9;\n";
  expect(variantsOf(text, "a.js", [{ first: 2, last: 2 }])).toEqual([
    { line: 2, lastLine: 2, before: "d % 9", after: "d", text: "const a = b % 7;\nconst c = d;\n" },
  ]);
});

it.each([
  ["within one", true, "return price(amount, rate) * (a == b) + c"],
  ["that goes on in the next", false, "return (price(amount, rate)\n * (a == b))"],
])("a part within a line that only moved is not tried, %s: %s", (_title, expected, text) => {
  const [first] = variantsOf(text, "a.py", whole);
  expect(first?.line).toBe(1);
  expect(first !== undefined && isWithinMoved(first, { isMoved: (line) => line === 1 })).toBe(expected);
  expect(first !== undefined && isWithinMoved(first, { isMoved: () => false })).toBe(false);
});

it("conditions are tried first, however many terms come before them", () => {
  const terms = Array.from({ length: 80 }, (_, index) => `x = a % ${index + 7};\n`).join("");
  expect(variantsOf(`${terms}y = a * (b === c);\n`, "a.js", [{ first: 1, last: 99 }])[0]).toMatchObject({
    after: "a",
    line: 81,
  });
});

it("variants are bounded, whatever the text", () => {
  expect(variantsOf("a % 7;\n".repeat(500), "a.js", [{ first: 1, last: 999 }]).length).toBeLessThanOrEqual(60);
  fc.assert(
    fc.property(fc.string(), (text) => afters(text, "a.js").length <= 60),
    { numRuns: 50 },
  );
});

it.each([
  ["the base rounds too", ["return Math.round(b);"], true],
  ["the base rounds nothing", ["return b;"], false],
  ["the base rounds otherwise", ["return Math.floor(b);"], false],
  ["the base says so in a comment", ["// was Math.round(b) once"], false],
  ["the base has a name that ends like it", ["return xMath.round(b);"], false],
  ["the base rounds with a space", ["return Math.round (b);"], true],
])("a rounding is the base's already, or not, if %s", (_what, removed, expected) => {
  const text = "export const f = (a) =>\n  Math.round(a * 7) + 3;\n";
  const found = variantsOf(text, "a.js", [{ first: 2, last: 2 }]);
  const [, added = ""] = text.split("\n");
  const onBase = found.filter(roundedOnBase({ removed, added: [added] }));
  expect(found.map(({ before }) => before)).toEqual(expect.arrayContaining(["Math.round(a * 7) + 3", "a * 7"]));
  expect(onBase.map(({ before }) => before)).toEqual(expected ? ["Math.round(a * 7)"] : []);
  // A line that is only indented differently is neither removed nor added.
  expect(found.some(roundedOnBase({ removed: [], added: [] }))).toBe(false);
  const twice = { removed, added: [added.replace("+ 3", "+ Math.round(2)")] };
  expect(found.some(roundedOnBase(twice))).toBe(false);
});
