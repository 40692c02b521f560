/** The base's results of tests that the change calls otherwise are those of the same tests; a test that is gone stays missing. */
import { type Cell, cellNames, type NewNames, type TestMatrix, type TestResult } from "@aedev/contracts";
import { expect, it } from "vitest";
import { summarizeChecks } from "../../../src/gate/checks/summarize-checks.ts";

type Results = Record<string, TestResult["result"]>;
const cell = (results: Results): Cell => ({
  ...{ ran: true, why_not: null, cached: null },
  commands: [
    {
      ...{ command: "npm test", exit_code: 0, timed_out: false, duration_ms: 5, output_tail: "", omitted_bytes: 0 },
      ...{ format: "tap", sentinel: "failed-as-it-must", incomplete: null, runs: 1, exit_codes: [] },
      tests: Object.entries(results).map(([id, result]) => ({ id, result })),
    },
  ],
});
const names: NewNames = {
  paths: [{ from: "test/old.py", to: "test/new.py" }],
  names: [{ from: "cut", to: "part" }],
  titles: [{ from: "cuts", to: "parts a list" }],
};

/** The base's tests, and those of the change on both versions of the tests. */
function checksOf(before: Results, after: Results, given: NewNames | undefined) {
  const cells = Object.fromEntries(cellNames.map((name) => [name, cell(name.endsWith("old-code") ? before : after)]));
  const matrix = { has_checks: true, cells, own_control: null, same_tests: ["test/new.py"] } as TestMatrix;
  return summarizeChecks(matrix, { newNames: given });
}

it.each([
  ["its file", "test/old.py > adds", "test/new.py > adds"],
  ["its module", "test.old.Lists > adds[a]", "test.new.Lists > adds[a]"],
  ["its name", "test/a.py > test_cut > cut_at", "test/a.py > test_cut > cut_at"],
  ["a function in its name", "a > cut of 1", "a > part of 1"],
  ["its title", "a > cuts", "a > parts a list"],
  ["its title with parameters", "a > cuts[1]", "a > parts a list[1]"],
])("is green if a test only changed %s", (_, before, after) => {
  const found = checksOf({ [before]: "pass", "a > other": "pass" }, { [after]: "pass", "a > other": "pass" }, names);
  expect(found).toMatchObject({ status: "green", vanished: [], newly_failing: [], new_tests: "none", pass_to_pass: 2 });
});

it.each<readonly [string, Results, Results, NewNames | undefined]>([
  ["no new name explains it", {}, { "a > part": "pass" }, undefined],
  ["its new name existed", { "a > part": "pass" }, { "a > part": "pass" }, names],
  ["it fails under its new name", {}, { "a > part": "fail" }, names],
  ["its new name is missing", {}, {}, names],
])("stays red if a test is missing and %s", (_, before, after, given) => {
  const other: Results = { "a > other": "pass" };
  expect(checksOf({ "a > cut": "pass", ...before, ...other }, { ...after, ...other }, given).status).toBe("red");
});
