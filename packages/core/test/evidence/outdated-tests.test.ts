/** When red is only the old form of tests that the change wrote anew: each condition once broken. */
import { expect, it } from "vitest";
import { summarizeChecks } from "../../src/evidence/summarize-checks.ts";
import { type Cell, type TestMatrix, testMatrixSchema } from "../../src/wire/index.ts";

type Results = Record<string, "pass" | "fail" | "skip">;
const cell = (results: Results, more: object = {}): Cell => {
  const tests = Object.entries(results).map(([id, result]) => ({ id, result }));
  const command = {
    command: "npm test",
    exit_code: tests.some(({ result }) => result === "fail") ? 1 : 0,
    timed_out: false,
    duration_ms: 1,
    output_tail: "",
    omitted_bytes: 0,
    format: "tap" as const,
    tests,
    sentinel: "failed-as-it-must" as const,
    incomplete: null,
    runs: 1,
    exit_codes: [],
    ...more,
  };
  return { ran: true, why_not: null, commands: [command], cached: null };
};
const base = { "a.js > old": "pass", "a.js > other": "pass" } as const;

function outdated(cells: Partial<Record<keyof TestMatrix["cells"], Cell>>): readonly string[] {
  const matrix = {
    has_checks: true,
    cells: {
      "old-tests-old-code": cell(base),
      "old-tests-new-code": cell({ ...base, "a.js > old": "fail" }),
      "new-tests-old-code": cell({ ...base, "a.js > old": "fail" }),
      "new-tests-new-code": cell(base),
      ...cells,
    },
    own_control: null,
  };
  const checks = summarizeChecks(testMatrixSchema.parse(matrix));
  if (checks.outdated.length > 0) expect(checks).toMatchObject({ status: "red", newly_failing: checks.outdated });
  return checks.outdated;
}

it("names a test that fails as the base wrote it and passes as the change wrote it", () => {
  expect(outdated({})).toEqual(["a.js > old"]);
});

it.each<[string, Parameters<typeof outdated>[0]]>([
  ["it fails in its new form too", { "new-tests-new-code": cell({ ...base, "a.js > old": "fail" }) }],
  ["another new test fails", { "new-tests-new-code": cell({ ...base, "a.js > new": "fail" }) }],
  ["a test is gone", { "new-tests-new-code": cell({ "a.js > old": "pass" }) }],
  ["a test is skipped", { "new-tests-new-code": cell({ ...base, "a.js > other": "skip" }) }],
  ["the new tests' command fails", { "new-tests-new-code": cell(base, { exit_code: 3 }) }],
  ["a result can't be believed", { "new-tests-new-code": cell(base, { sentinel: "not-reported" }) }],
  [
    "it fails in its new form while the base is red already",
    {
      "old-tests-old-code": cell({ ...base, red: "fail" }),
      "old-tests-new-code": cell({ ...base, "a.js > old": "fail", red: "fail" }),
      "new-tests-new-code": cell({ ...base, "a.js > old": "fail", red: "fail" }),
    },
  ],
  ["nothing is red", { "old-tests-new-code": cell(base) }],
])("names none where %s", (_title, cells) => {
  expect(outdated(cells)).toEqual([]);
});
