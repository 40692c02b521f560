/** Which tests use a file is seen by what no longer passes without it. */
import { expect, it } from "vitest";
import { usersOf, withoutPath } from "../../../src/checks/edited-tests/grown-support.ts";
import type { CheckEntries } from "../../../src/tree/check-tree.ts";

type Tests = Record<string, "pass" | "fail">;
const results = (tests: Tests) => ({ tests: Object.entries(tests).map(([id, result]) => ({ id, result })) });
const without = (tests: Tests | null) => [{ report: tests === null ? null : results(tests) }];

it("names the tests that fail or are gone without the file, and none that failed before", () => {
  const green = [results({ a: "pass", b: "pass", c: "pass", d: "fail" })];
  expect(usersOf(without({ a: "pass", b: "fail", d: "fail" }), green)).toEqual(["b", "c"]);
  expect(usersOf(without({ a: "pass", b: "pass", c: "pass" }), green)).toEqual([]);
  expect(usersOf(without(null), green)).toEqual(["a", "b", "c"]);
});

it("names none of too many", () => {
  const many = (count: number) => [
    results(Object.fromEntries(Array.from({ length: count }, (_, at) => [`${at}`, "pass" as const]))),
  ];
  expect(usersOf(without(null), many(500))).toHaveLength(500);
  expect(usersOf(without(null), many(501))).toEqual([]);
});

it("leaves one path out of a tree", () => {
  const tree: CheckEntries = new Map([
    ["a", { id: "1", mode: "100644" }],
    ["a/b", { id: "2", mode: "100644" }],
  ]);
  expect([...withoutPath(tree, "a").keys()]).toEqual(["a/b"]);
});
