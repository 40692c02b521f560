/** An edited test asks unless it kills the mutants that its old version killed. */
import { withCoverage } from "@aedev/contracts";
import { expect, it } from "vitest";
import { noticesAsBefore } from "../../src/gate/edited-tests.ts";
import { testAsks } from "../../src/gate/test-rules.ts";
import { provenTests, testFile } from "./sample-policy.ts";

const test = { name: "parse > adds", paths: ["test/a.js"] };
const id = "test/a.js > parse > adds";
const mutant = (old: readonly string[], now: readonly string[]) => ({
  ...{ path: "lib/a.js", line: 1, before: "1", after: "2" },
  killed_by_old: [...old],
  killed_by_new: [...now],
});
const edited = (...mutants: ReturnType<typeof mutant>[]) => ({ tried: 9, mutants });

it.each([
  ["kills both", [mutant([id], [id]), mutant([id], [id, "test/b.js > other"])], true],
  [
    "kills one, and another test the second",
    [mutant([id], [id]), mutant([id], ["test/a.js > parse > subtracts"])],
    false,
  ],
  ["kills the only one", [mutant([id], [id])], false],
  ["killed none", [mutant(["test/a.js > other"], []), mutant(["test/b.js > parse > adds"], [])], false],
  [
    "kills both, where one was killed by other tests only",
    [mutant([id], [id]), mutant(["test/b.js > x"], []), mutant([id], [id])],
    true,
  ],
  ["kills one row of two", [mutant([id], [id]), mutant([`${id}[1]`, `${id}[2]`], [`${id}[1]`])], false],
])("of mutants that its old version killed it %s", (_what, mutants, expected) => {
  expect(noticesAsBefore(test, edited(...mutants))).toBe(expected);
});

it.each([
  ["adds %i and %i", "adds 1 and 2", true],
  ["adds $a", "adds 7", true],
  ["adds $\u007ba} up", "adds 7 up", true],
  ["adds %i and %i", "subtracts 1 and 2", false],
  ["$a", "adds 7", false],
])("takes the rows of %s for its results: %s", (title, row, expected) => {
  const one = { name: `parse > ${title}`, paths: test.paths };
  const ofRow = `test/a.js > parse > ${row}`;
  expect(noticesAsBefore(one, edited(mutant([ofRow], [ofRow]), mutant([ofRow], [ofRow])))).toBe(expected);
});

it("knows nothing without mutants", () => {
  expect(noticesAsBefore(test, null)).toBe(false);
});

it.each([
  ["asks", [mutant([id], [id]), mutant([id], [])], ["changed-tests"]],
  ["does not ask", [mutant([id], [id]), mutant([id], [id])], []],
])("a change %s", (_what, mutants, expected) => {
  const file = testFile({ path: "test/a.js", changed_tests: [test.name] });
  const asks = testAsks({
    testChanges: { files: [file], settings: [], code_findings: [], only_adds_functions: [], only_adds_rows: [] },
    pathReport: { files: [], renames: [], forbidden: [], unsafe: [], never_by_itself: [] },
    specification: { text: "Fix it.", criteria: [] },
    checks: null,
    provenness: withCoverage(provenTests(1), "no-code", { editedTests: edited(...mutants) }),
  });
  expect(asks.map(({ kind }) => kind)).toEqual(expected);
});
