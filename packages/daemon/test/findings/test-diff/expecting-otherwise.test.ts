/** Which changed tests differ only in written values that they expect. */
import { describe, expect, it } from "vitest";
import { compare } from "./reading.ts";

const node = (body: string, rest = "") =>
  `const { split } = require("..");\n${rest}test("splits", () => {\n  ${body}\n});\n`;
const found = (path: string, before: string, after: string) => compare(before, after, path).expectingOtherwise;

describe("a test of JavaScript", () => {
  const before = node('assert.deepEqual(split("a,b"), ["a", "b"]);');
  it.each([
    ["a list", node('assert.deepEqual(split("a,b"), ["a,b"]);')],
    ["an object with a negative number", node('assert.deepEqual(split("a,b"), { n: -1, s: "f(x)" });')],
  ])("expects something else if only that is written there: %s", (_, after) => {
    expect(found("test/a.js", before, after)).toEqual(["splits"]);
  });
  it.each([
    ["it calls something else", node('assert.deepEqual(split("a;b"), ["a", "b"]);')],
    ["it expects what it calls", node('assert.deepEqual(split("a,b"), split("a,b"));')],
    ["it expects a variable", node('assert.deepEqual(split("a,b"), wanted);')],
    ["it expects less strictly", node('assert.ok(split("a,b"), ["a,b"]);')],
    ["it expects under a condition", node('if (fast) assert.deepEqual(split("a,b"), ["a,b"]);')],
    ["it does something before", node('split = () => ["a,b"];\n  assert.deepEqual(split("a,b"), ["a,b"]);')],
    ["an assertion is gone", node("")],
    ["an assertion is new", node('assert.deepEqual(split("a,b"), ["a,b"]);\n  assert.equal(1, 1);')],
    ["what it uses differs", node('assert.deepEqual(split("a,b"), ["a,b"]);').replace('".."', '"../fake"')],
  ])("does not if %s", (_, after) => {
    expect(found("test/a.js", before, after)).toEqual([]);
  });
  it("does not if a row is gone, it claims nothing about the code, or a snapshot is rewritten", () => {
    const rows = (list: string, sum: string) =>
      `test.each([${list}])("adds %i", (n) => {\n  expect(add(n)).toBe(${sum});\n});\n`;
    expect(found("a.test.js", rows("1, 2", "3"), rows("1, 2", "4"))).toEqual(["adds %i"]);
    expect(found("a.test.js", rows("1, 2", "3"), rows("1", "4"))).toEqual([]);
    const constant = (expected: string) => `test("adds", () => {\n  expect("a").toEqual(${expected});\n});\n`;
    expect(found("a.test.js", constant('["a"]'), constant('["b"]'))).toEqual(["adds"]);
    expect(found("a.test.js", constant('["a"]'), constant('"a"'))).toEqual([]);
    const snapshot = (matcher: string, text: string) =>
      `test("adds", () => {\n  expect(add(1)).${matcher}("${text}");\n});\n`;
    expect(found("a.test.js", snapshot("toBe", "1"), snapshot("toBe", "2"))).toEqual(["adds"]);
    expect(found("a.test.js", snapshot("toMatchInlineSnapshot", "1"), snapshot("toMatchInlineSnapshot", "2"))).toEqual(
      [],
    );
  });
  it("does not if a variable of its own is expected instead", () => {
    const own = (expected: string) => node(`const parts = split("a,b");\n  assert.deepEqual(parts, ${expected});`);
    expect(found("test/a.js", own('["a", "b"]'), own('["a,b"]'))).toEqual(["splits"]);
    expect(found("test/a.js", own('["a", "b"]'), own("parts"))).toEqual([]);
  });
});

describe("a test of Python", () => {
  const of = (line: string) => `from lists import split\n\ndef test_splits():\n    ${line}\n`;
  it("expects something else if only that is written there", () => {
    expect(
      found("test_a.py", of('assert split("a,b") == ["a", "b"]'), of('assert split("a,b") == ["a,b", None, (1,)]')),
    ).toEqual(["test_splits"]);
  });
  it.each([
    'assert split("a;b") == ["a", "b"]',
    'assert split("a,b") == split("a,b")',
    'assert split("a,b") != ["a,b"]',
    'assert split("a,b")',
  ])("does not with %s", (line) => {
    expect(found("test_a.py", of('assert split("a,b") == ["a", "b"]'), of(line))).toEqual([]);
  });
});
