/** When a text names a path, and whose words may allow a weaker test. */
import { expect, it } from "vitest";
import { namesPath, weakenedTests } from "../../src/policy/test-rules.ts";
import { testFile } from "./sample-policy.ts";

it("wants the very path, in any punctuation", () => {
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

it("lets a weaker test pass to a person only where the person named it: in the mission, a criterion or words on an earlier change", () => {
  const file = testFile({ assertions_before: 2, assertions_after: 1 });
  const report = { files: [], renames: [], forbidden: [], unsafe: [], never_by_itself: [] };
  const silent = { text: "Fix it.", criteria: [{ id: "c1", text: "it is fixed" }] };
  const allowed = (change: object) =>
    weakenedTests({ files: [file], settings: [] }, report, { ...silent, ...change }).map((test) => test.allowed);
  expect(allowed({})).toEqual([false]);
  expect(allowed({ instructions: ["use the helper"] })).toEqual([false]);
  expect(allowed({ text: "drop it from test/a.js" })).toEqual([true]);
  expect(allowed({ criteria: [{ id: "c1", text: "test/a.js asserts once" }] })).toEqual([true]);
  expect(allowed({ instructions: ["the second assertion of test/a.js is outdated"] })).toEqual([true]);
});
