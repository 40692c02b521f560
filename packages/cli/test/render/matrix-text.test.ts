/** The test matrix of a bundle as a person reads it. */
import { expect, it } from "vitest";
import { matrixText } from "../../src/render/matrix-text.ts";

const command = (results: Record<string, string>, more: Record<string, unknown> = {}) => ({
  command: "npm test",
  exit_code: 0,
  timed_out: false,
  duration_ms: 5,
  output_tail: "",
  omitted_bytes: 0,
  format: "tap",
  tests: Object.entries(results).map(([id, result]) => ({ id, result })),
  sentinel: "failed-as-it-must",
  incomplete: null,
  ...more,
});
const cell = (...commands: object[]) => ({ ran: true, why_not: null, commands });
const entries = {
  "test-matrix": {
    has_checks: true,
    cells: {
      "old-tests-old-code": {
        ...cell(command({ a: "pass", b: "flaky" }, { runs: 2, exit_codes: [0, 1] })),
        cached: "c".repeat(64),
      },
      "old-tests-new-code": cell(command({ a: "pass", b: "skip" })),
      "new-tests-old-code": cell(command({ a: "pass", "n\u001b[31m": "fail" }, { exit_code: 1 })),
      "new-tests-new-code": { ...cell(), ran: false, why_not: "it was not reached" },
    },
    own_control: null,
  },
  checks: {
    status: "green",
    newly_failing: [],
    vanished: [],
    fail_to_pass: ["n\u001b[31m"],
    pass_to_pass: 1,
    flaky: ["b"],
    new_tests: "red-on-base",
    reasons: [],
  },
};

it("shows each cell with its counts, cached results and repeated runs, and escapes names", () => {
  expect(matrixText(entries).split("\n")).toEqual([
    "CELL                COMMAND   EXIT  TESTS            NOTE",
    "old-tests-old-code  npm test  0     1 pass, 1 flaky  from the cache; run 2 times: exit 0, 1",
    "old-tests-new-code  npm test  0     1 pass, 1 skip   -",
    "new-tests-old-code  npm test  1     1 pass, 1 fail   -",
    "new-tests-new-code  -         -     -                it was not reached",
    "checks: green; the new tests test the change: they fail on the base",
    expect.stringMatching(/^red on the old code: n.* \(green on the new\)$/),
    "flaky on the base too: b",
  ]);
  expect(matrixText(entries)).not.toContain("\u001b");
});

it("says if there is nothing to run, and is empty without a matrix", () => {
  const none = { ...entries["test-matrix"], has_checks: false };
  expect(matrixText({ "test-matrix": none })).toBe("the repository names no verify command");
  expect(matrixText({})).toBe("");
});
