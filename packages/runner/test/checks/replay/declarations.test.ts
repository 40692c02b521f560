/** The top-level declarations of a file, and the names that each mentions. */
import { expect, it } from "vitest";
import { declarationsIn } from "../../../src/checks/replay/declarations.ts";

const found = (text: string, path: string) =>
  declarationsIn(text, path)?.map(({ name, isFunction, mentions }) => [
    name,
    isFunction,
    mentions.filter((one) => one !== name),
  ]);

it("declarations of JavaScript, Python and Go are found with the names that they mention", () => {
  expect(
    found(
      "import { a as b } from './c.js';\nexport function climb(x) { return table(x); } // other\nconst { d, e: [f] } = g();\nclass A { count() { return h; } }\nrun();",
      "a.js",
    ),
  ).toEqual([
    ...["import", "a", "as", "b", "from", "c", "js"].map((name) => [name, false, expect.anything()]),
    ["climb", true, expect.arrayContaining(["table"])],
    ["d", false, expect.arrayContaining(["g"])],
    ["f", false, expect.arrayContaining(["g"])],
    ...["A", "class", "count", "return", "h"].map((name) => [name, false, expect.anything()]),
    ["", false, ["run"]],
  ]);
  expect(found("@cached\ndef total(a):\n    return count(a)\nLIMIT = 3\n", "a.py")).toEqual([
    ["total", true, expect.arrayContaining(["cached", "count"])],
    ["LIMIT", false, []],
  ]);
  expect(found("package a\n\nfunc Turn(m *Meter) int { return size(m) }\n", "a.go")?.at(-1)).toEqual([
    "Turn",
    true,
    expect.arrayContaining(["size"]),
  ]);
});

it("a declaration mentions no word of a comment", () => {
  expect(found("function f() { /* other */ return 1; } // other\n", "a.js")).toEqual([["f", true, []]]);
});

it.each([
  ["a decorator", "a.py", "@plain\ndef f(): pass\n", "@special\ndef f(): pass\n"],
  ["async", "a.js", "function f() {}\n", "async function f() {}\n"],
  ["the body", "a.ts", "export const f = (x: number) => x;\n", "export const f = (x: number) => x + 1;\n"],
])("a declaration has another digest with another %s", (_, path, before, after) => {
  const digest = (text: string) => declarationsIn(text, path)?.find(({ name }) => name === "f")?.digest;
  expect(digest(before)).toBe(
    digest(
      `\n${before}const other = 1;\n`.replace(
        "const other = 1;",
        path.endsWith(".py") ? "OTHER = 1" : "const other = 1;",
      ),
    ),
  );
  expect(digest(after)).not.toBe(digest(before));
});
