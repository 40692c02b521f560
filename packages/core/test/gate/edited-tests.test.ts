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
const edited = (...mutants: ReturnType<typeof mutant>[]) => ({ paths: ["test/a.js"], tried: 24, untried: 0, mutants });

it.each([
  ["kills both", [mutant([id], [id]), mutant([id], [id])], true],
  [
    "kills one, and another test the second",
    [mutant([id], [id]), mutant([id], ["test/a.js > parse > subtracts"])],
    false,
  ],
  ["kills the only one", [mutant([id], [id])], false],
  ["killed none", [mutant(["test/a.js > other"], []), mutant(["test/b.js > parse > adds"], [])], false],
  [
    "kills both, and another test lets a third live",
    [mutant([id], [id]), mutant(["test/b.js > x"], []), mutant([id], [id])],
    false,
  ],
  ["kills one row of two", [mutant([id], [id]), mutant([`${id}[1]`, `${id}[2]`], [`${id}[1]`])], false],
])("decides whether an edited test notices as before if, of two mutants, it %s", (_what, mutants, expected) => {
  expect(noticesAsBefore(test, edited(...mutants))).toBe(expected);
});

it.each([
  ["adds %i and %i", "adds 1 and 2", true],
  ["adds $a", "adds 7", true],
  ["adds $\u007ba} up", "adds 7 up", true],
  ["adds %i and %i", "subtracts 1 and 2", false],
  ["$a", "adds 7", false],
])("matches rows of %s with the result %s", (title, row, expected) => {
  const one = { name: `parse > ${title}`, paths: test.paths };
  const ofRow = `test/a.js > parse > ${row}`;
  expect(noticesAsBefore(one, edited(mutant([ofRow], [ofRow]), mutant([ofRow], [ofRow])))).toBe(expected);
});

it("ignores results of other tests", () => {
  const killed = (one: string, name = "parse > adds %i and %i") =>
    noticesAsBefore({ name, paths: test.paths }, edited(mutant([one], [one]), mutant([one], [one])));
  expect(killed("test/a.js > parse > adds 1 and 2")).toBe(true);
  expect(killed("test/b.js > parse > adds 1 and 2")).toBe(false);
  expect(killed("test/a.js > other > adds 1 and 2")).toBe(false);
  expect(killed(`${id} more`, test.name)).toBe(false);
});

it("trusts an edited test only with enough mutants of its own file", () => {
  const both = edited(mutant([id], [id]), mutant([id], [id]));
  expect(noticesAsBefore(test, null)).toBe(false);
  expect(noticesAsBefore(test, { ...both, paths: ["test/b.js"] })).toBe(false);
  expect(noticesAsBefore(test, { ...both, tried: 11, untried: 1 })).toBe(false);
  expect(noticesAsBefore(test, { ...both, tried: 11 })).toBe(true);
  expect(noticesAsBefore(test, { ...both, tried: 12, untried: 9 })).toBe(true);
});

it.each([
  ["asks if a mutant lives", [mutant([id], [id]), mutant([id], [])], false, ["changed-tests"]],
  ["does not ask if none does", [mutant([id], [id]), mutant([id], [id])], false, []],
  ["asks if the tests' helpers changed too", [mutant([id], [id]), mutant([id], [id])], true, ["changed-tests"]],
])("decides about an edit of existing tests: %s", (_what, mutants, lost, expected) => {
  const file = testFile({ path: "test/a.js", changed_tests: [test.name], support_lost: lost });
  const asks = testAsks({
    testChanges: { files: [file], settings: [], code_findings: [], only_adds_functions: [], only_adds_rows: [] },
    pathReport: { files: [], renames: [], forbidden: [], unsafe: [], never_by_itself: [] },
    specification: { text: "Fix it.", criteria: [] },
    checks: null,
    provenness: withCoverage(provenTests(1), "no-code", { editedTests: edited(...mutants) }),
  });
  expect(asks.map(({ kind }) => kind)).toEqual(expected);
});
