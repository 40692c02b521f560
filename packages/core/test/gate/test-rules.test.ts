/** When a text names a path, and whose text may allow a weaker test. */
import { expect, it } from "vitest";
import { isResultOf } from "../../src/gate/checks/result-names.ts";
import { namesPath, namesTest, weakenedTests } from "../../src/gate/test-rules.ts";
import { testFile } from "./sample-policy.ts";

it("names a path only by its exact spelling, in any punctuation", () => {
  for (const text of ["test/a.js", "see test/a.js.", "(`test/a.js`)", "./test/a.js: drop it", "test/a.js, test/b.js"])
    expect(namesPath(text, "test/a.js"), text).toBe(true);
  for (const text of [
    "a.js",
    "mytest/a.js",
    "x/test/a.js",
    "test/a.jsx",
    "test/a.js.snap",
    "../test/a.js",
    "",
    "test/a",
  ])
    expect(namesPath(text, "test/a.js"), text).toBe(false);
});

it("asks about a weaker test only if the person named it: in the mission, a criterion or instructions on an earlier change", () => {
  const file = testFile({ assertions_before: 2, assertions_after: 1 });
  const report = { files: [], renames: [], forbidden: [], unsafe: [], never_by_itself: [] };
  const silent = { text: "Fix it.", criteria: [{ id: "c1", text: "it is fixed" }] };
  const allowed = (change: object) =>
    weakenedTests(
      { files: [file], settings: [], code_findings: [], only_adds_functions: [], only_adds_rows: [] },
      report,
      {
        ...silent,
        ...change,
      },
    ).map((test) => test.allowed);
  expect(allowed({})).toEqual([false]);
  expect(allowed({ instructions: ["use the helper"] })).toEqual([false]);
  expect(allowed({ text: "drop it from test/a.js" })).toEqual([true]);
  expect(allowed({ criteria: [{ id: "c1", text: "test/a.js asserts once" }] })).toEqual([true]);
  expect(allowed({ instructions: ["the second assertion of test/a.js is outdated"] })).toEqual([true]);
});

it("lets a file lose assertions if a person allowed every test that its change touches, and it touches nothing else", () => {
  const report = { files: [], renames: [], forbidden: [], unsafe: [], never_by_itself: [] };
  const finding = (test: string | null) => ({ kind: "assertion-removed", test, line: 1, text: "" }) as const;
  const isAllowed = (change: Parameters<typeof testFile>[0]) => {
    const file = testFile({ assertions_before: 2, assertions_after: 1, ...change });
    return weakenedTests(
      { files: [file], settings: [], code_findings: [], only_adds_functions: [], only_adds_rows: [] },
      report,
      { text: "Fix it.", criteria: [], allowed_tests: ["test/a.js > splits"] },
    ).map((test) => test.allowed);
  };
  const splits = { findings: [finding("splits")], changed_tests: ["splits"] };
  expect(isAllowed(splits)).toEqual([true]);
  expect(isAllowed({ findings: [finding("splits")] })).toEqual([true]);
  expect(isAllowed({ changed_tests: ["splits"] })).toEqual([true]);
  expect(isAllowed({ ...splits, changed_tests: ["splits", "trims"] })).toEqual([false]);
  expect(isAllowed({ ...splits, findings: [finding("splits"), finding("trims")] })).toEqual([false]);
  expect(isAllowed({ ...splits, findings: [finding("splits"), finding(null)] })).toEqual([false]);
  expect(isAllowed({ ...splits, support_changed: true })).toEqual([false]);
  // Nobody can tell which test lost the assertion.
  expect(isAllowed({})).toEqual([false]);
});

it("accepts a test as named by its title in quotes, its full name path, or a title too long to occur by chance", () => {
  const name = "parse > refuses a negative number";
  for (const text of [
    `see ${name}.`,
    "`refuses a negative number` is outdated",
    "it refuses a negative number now",
    "“refuses a negative number”",
  ])
    expect(namesTest(text, name), text).toBe(true);
  for (const text of ["refuses a negative numbers", "it refuses negative numbers", "parse", ""])
    expect(namesTest(text, name), text).toBe(false);
  expect(namesTest("make sure that it works", "g > works")).toBe(false);
  expect(namesTest("change the test 'works'", "g > works")).toBe(true);
  expect(namesTest("drop test_adds_two_numbers", "test_adds_two_numbers")).toBe(true);
});

it("assigns a result to a test by its file, in the ids of every runner", () => {
  const test = { paths: ["test/a.test.js", "test/old.test.js"], name: "group > adds" };
  for (const id of [
    "test/a.test.js > group > adds",
    "test/old.test.js > group > adds",
    "test/a.test.js > test/a.test.js > group > adds",
    "group > adds",
    "group > adds > should be equal",
    "test/a.test.js > group > adds#2",
  ])
    expect(isResultOf(id, test), id).toBe(true);
  for (const id of [
    "test/b.test.js > group > adds",
    "test/a.test.js > adds",
    "group > adds more",
    "test/a.test.js > group > adds > sub",
    "",
  ])
    expect(isResultOf(id, test), id).toBe(false);
  const python = { paths: ["tests/test_a.py"], name: "TestA > test_adds" };
  expect(isResultOf("tests.test_a.TestA > test_adds", python)).toBe(true);
  expect(isResultOf("tests.test_a.TestA > test_adds[1-2]", python)).toBe(true);
  expect(isResultOf("tests.test_b.TestA > test_adds", python)).toBe(false);
});
