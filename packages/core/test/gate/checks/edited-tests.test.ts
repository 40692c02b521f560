/** What an edited test notices, by the mutants that it and its old version kill. */
import { withCoverage } from "@aedev/contracts";
import { expect, it } from "vitest";
import { noticing } from "../../../src/gate/checks/edited-tests.ts";
import { testAsks } from "../../../src/gate/test-rules.ts";
import { changedFile, provenTests, testFile } from "../sample-policy.ts";

const test = { name: "parse > adds", paths: ["test/a.js"] };
const id = "test/a.js > parse > adds";
const other = "test/a.js > other";
const mutant = (old: readonly string[], now: readonly string[]) => ({
  ...{ path: "lib/a.js", line: 1, before: "1", after: "2" },
  killed_by_old: [...old],
  killed_by_new: [...now],
});
const edited = (...mutants: ReturnType<typeof mutant>[]) => ({ paths: ["test/a.js"], tried: 24, untried: 0, mutants });

it.each([
  ["kills both", [mutant([id], [id]), mutant([id], [id])], "as-before"],
  [
    "kills one, and another test the second",
    [mutant([id], [id]), mutant([id], ["test/a.js > parse > subtracts"])],
    "less",
  ],
  ["kills the only one", [mutant([id], [id])], "unknown"],
  ["kills one, and another test the second in both forms", [mutant([id], [id]), mutant([other], [other])], "others"],
  ["killed none", [mutant(["test/a.js > other"], []), mutant(["test/b.js > parse > adds"], [])], "less"],
  [
    "kills both, and another test lets a third live",
    [mutant([id], [id]), mutant(["test/b.js > x"], []), mutant([id], [id])],
    "less",
  ],
  ["kills one row of two", [mutant([id], [id]), mutant([`${id}[1]`, `${id}[2]`], [`${id}[1]`])], "less"],
])("decides whether an edited test notices as before if, of two mutants, it %s", (_what, mutants, expected) => {
  expect(noticing(test, edited(...mutants))).toBe(expected);
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
  expect(noticing(one, edited(mutant([ofRow], [ofRow]), mutant([ofRow], [ofRow]))) === "as-before").toBe(expected);
});

it("ignores results of other tests", () => {
  const killed = (one: string, name = "parse > adds %i and %i") =>
    noticing({ name, paths: test.paths }, edited(mutant([one], [one]), mutant([one], [one]))) === "as-before";
  expect(killed("test/a.js > parse > adds 1 and 2")).toBe(true);
  expect(killed("test/b.js > parse > adds 1 and 2")).toBe(false);
  expect(killed("test/a.js > other > adds 1 and 2")).toBe(false);
  expect(killed(`${id} more`, test.name)).toBe(false);
});

it("trusts an edited test only with enough mutants of its own file", () => {
  const both = edited(mutant([id], [id]), mutant([id], [id]));
  expect(noticing(test, null)).toBe("unknown");
  expect(noticing(test, { ...both, paths: ["test/b.js"] })).toBe("unknown");
  expect(noticing(test, { ...both, tried: 11, untried: 1 })).toBe("unknown");
  expect(noticing(test, { ...both, tried: 11 })).toBe("as-before");
  expect(noticing(test, { ...both, tried: 12, untried: 9 })).toBe("as-before");
});

const noneLives = [mutant([id], [id]), mutant([id], [id])];
it.each([
  ["weaker if a mutant lives", [mutant([id], [id]), mutant([id], [])], {}, "weaker"],
  ["nothing if none does", noneLives, {}, undefined],
  ["a passing old form if the tests' helpers changed too", noneLives, { support_lost: true }, "green"],
  ["a passing old form if too few mutants were tried", [mutant([id], [id])], {}, "green"],
  ["weaker if too few mutants were killed and only tests change", [mutant([id], [id])], { only: true }, "weaker"],
  [
    "a passing old form if other tests killed them and only tests change",
    Array(2).fill(mutant([other], [other])),
    { only: true },
    "green",
  ],
])("says of an edited test: %s", (_what, mutants, given: { only?: boolean; support_lost?: boolean }, expected) => {
  const { only = false, ...other } = given;
  const file = testFile({ path: "test/a.js", changed_tests: [test.name], support_lost: false, ...other });
  const changed = ["test/a.js", ...(only ? [] : ["lib/a.js"])].map((path) => changedFile(path));
  const asks = testAsks({
    testChanges: { files: [file], settings: [], code_findings: [], only_adds_functions: [], only_adds_rows: [] },
    pathReport: { files: changed, renames: [], forbidden: [], unsafe: [], never_by_itself: [] },
    specification: { text: "Fix it.", criteria: [] },
    checks: null,
    provenness: withCoverage(provenTests(1), "no-code", { editedTests: edited(...mutants) }),
  });
  expect(asks).toMatchObject(expected === undefined ? [] : [{ kind: "changed-tests", old_form: expected }]);
  expect(asks).toHaveLength(expected === undefined ? 0 : 1);
});
