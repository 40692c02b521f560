/** When red consists only of old forms of tests that the change rewrote or removed, or only of new tests without the change's control files. Each condition is broken once. */

import { type Cell, type TestMatrix, testMatrixSchema } from "@aedev/contracts";
import { expect, it } from "vitest";
import { summarizeChecks } from "../../../src/gate/checks/summarize-checks.ts";

type Results = Record<string, "pass" | "fail" | "skip" | "flaky">;
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

function summary(cells: Partial<Record<keyof TestMatrix["cells"], Cell>>, own_control: Cell | null = null) {
  const matrix = {
    has_checks: true,
    cells: {
      "old-tests-old-code": cell(base),
      "old-tests-new-code": cell({ ...base, "a.js > old": "fail" }),
      "new-tests-old-code": cell({ ...base, "a.js > old": "fail" }),
      "new-tests-new-code": cell(base),
      ...cells,
    },
    own_control,
  };
  return summarizeChecks(testMatrixSchema.parse(matrix));
}

function outdated(cells: Parameters<typeof summary>[0]): readonly string[] {
  const checks = summary(cells);
  if (checks.outdated.length > 0) expect(checks).toMatchObject({ status: "red", newly_failing: checks.outdated });
  return checks.outdated;
}

it("lists a test as outdated if it fails in the base's form and passes in the change's form", () => {
  expect(outdated({})).toEqual(["a.js > old"]);
});

it.each<[string, true | undefined, Parameters<typeof summary>[0]]>([
  ["nothing", undefined, {}],
  [
    "a test that is red on the base",
    true,
    {
      "old-tests-old-code": cell({ ...base, "a.js > red": "fail" }),
      "old-tests-new-code": cell({ ...base, "a.js > old": "fail", "a.js > red": "fail" }),
      "new-tests-new-code": cell({ ...base, "a.js > red": "fail" }),
    },
  ],
  [
    "a command that fails without a test",
    true,
    Object.fromEntries(
      Object.entries({
        "old-tests-old-code": [cell(base), 0],
        "old-tests-new-code": [cell({ ...base, "a.js > old": "fail" }), 1],
        "new-tests-old-code": [cell({ ...base, "a.js > old": "fail" }), 0],
        "new-tests-new-code": [cell(base), 0],
      } as const).map(([name, [one, exit_code]]) => [
        name,
        { ...one, commands: [...one.commands, ...cell({ "b.js > one": "pass" }, { exit_code }).commands] },
      ]),
    ),
  ],
])("says whether the checks say something else beside outdated tests: %s", (_, beside, cells) => {
  expect(summary(cells)).toMatchObject({ outdated: ["a.js > old"] });
  expect(summary(cells).outdated_beside).toBe(beside);
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
])("lists no outdated test if %s", (_title, cells) => {
  expect(outdated(cells)).toEqual([]);
});

it("lists the base's tests that fail in the base's form, or that the change removes", () => {
  const red = { ...base, "a.js > old": "fail" } as const;
  for (const own of [red, base, { "a.js > other": "pass" }] as const)
    expect(summary({ "new-tests-new-code": cell(own) }).broken).toEqual(["a.js > old"]);
  const both = { "old-tests-new-code": cell({ "a.js > old": "fail", "a.js > other": "fail" }) };
  expect(summary(both).broken).toEqual(["a.js > old", "a.js > other"]);
  // The old form of the removed one passes.
  expect(summary({ "new-tests-new-code": cell({ "a.js > old": "pass" }) }).broken).toEqual([
    "a.js > old",
    "a.js > other",
  ]);
});

it.each<[string, Parameters<typeof summary>[0]]>([
  ["a new test fails too", { "new-tests-new-code": cell({ ...base, "a.js > new": "fail" }) }],
  [
    "an old form passes and its new form fails",
    {
      "old-tests-new-code": cell(base),
      "new-tests-new-code": cell({ ...base, "a.js > old": "fail" }),
    },
  ],
  [
    "an old form did not run",
    {
      "old-tests-new-code": cell({ "a.js > other": "pass" }),
      "new-tests-new-code": cell({ "a.js > other": "pass" }),
    },
  ],
  ["a test is skipped", { "new-tests-new-code": cell({ ...base, "a.js > other": "skip" }) }],
  ["a result can't be believed", { "new-tests-new-code": cell(base, { sentinel: "not-reported" }) }],
  [
    "a test fails that the base skips",
    {
      "old-tests-old-code": cell({ ...base, "a.js > later": "skip" }),
      "old-tests-new-code": cell({ ...base, "a.js > old": "fail", "a.js > later": "fail" }),
      "new-tests-new-code": cell({ ...base, "a.js > later": "fail" }),
    },
  ],
  ["nothing is red", { "old-tests-new-code": cell(base), "new-tests-old-code": cell(base) }],
])("lists no broken test of the base if %s", (_title, cells) => {
  expect(summary(cells)).not.toHaveProperty("broken");
});

const steady = { "old-tests-new-code": cell(base), "new-tests-old-code": cell(base) };
const left = { "a.js > other": "pass" } as const;

it("lists the tests that the change removed, whether their old form fails or passes, and those that may have moved", () => {
  const removed = { ...steady, "new-tests-new-code": cell(left) };
  expect(summary(removed)).toMatchObject({ status: "red", vanished: ["a.js > old"], gone: ["a.js > old"], moved: [] });
  const red = { ...removed, "old-tests-new-code": cell({ ...base, "a.js > old": "fail" }) };
  expect(summary(red)).toMatchObject({ newly_failing: ["a.js > old"], gone: ["a.js > old"], moved: [] });
  const elsewhere = { ...left, "b.js > old": "pass" } as const;
  expect(summary({ ...steady, "new-tests-new-code": cell(elsewhere) })).toMatchObject({ moved: ["a.js > old"] });
  expect(summary({ ...red, "new-tests-new-code": cell(elsewhere) })).toMatchObject({ gone: ["a.js > old"], moved: [] });
});

it.each<[string, Parameters<typeof summary>[0]]>([
  ["it does not even run in its old form", { "old-tests-new-code": cell(left) }],
  ["it is skipped in its old form", { "old-tests-new-code": cell({ ...base, "a.js > old": "skip" }) }],
  ["another test fails", { "old-tests-new-code": cell({ ...base, "a.js > other": "fail" }) }],
  ["another test is skipped", { "new-tests-new-code": cell({ "a.js > other": "skip" }) }],
  ["a new test fails", { "new-tests-new-code": cell({ ...left, "a.js > new": "fail" }) }],
  ["the new tests' command fails", { "new-tests-new-code": cell(left, { exit_code: 3 }) }],
  ["a result can't be believed", { "new-tests-new-code": cell(left, { sentinel: "not-reported" }) }],
])("lists no test as merely removed if %s", (_title, cells) => {
  expect(summary({ ...steady, "new-tests-new-code": cell(left) }).gone).toEqual(["a.js > old"]);
  expect(summary({ ...steady, "new-tests-new-code": cell(left), ...cells })).toMatchObject({ gone: [], moved: [] });
});

it("matches each new test with at most one missing test", () => {
  const two = { "a.js > old": "pass", "c.js > old": "pass", "a.js > other": "pass" } as const;
  const cells = { "old-tests-old-code": cell(two), "old-tests-new-code": cell(two), "new-tests-old-code": cell(two) };
  const checks = summary({ ...cells, "new-tests-new-code": cell({ ...left, "b.js > old": "pass" }) });
  expect(checks).toMatchObject({ gone: ["a.js > old", "c.js > old"], moved: ["a.js > old"] });
});

const withFixture = { ...base, "a.js > new": "pass" } as const;
const withoutFixture = { ...base, "a.js > new": "fail" } as const;
const needing = { ...steady, "new-tests-old-code": cell(withoutFixture), "new-tests-new-code": cell(withoutFixture) };

it("lists a new test that fails only with the base's control files", () => {
  const checks = summary(needing, cell(withFixture));
  expect(checks).toMatchObject({ status: "red", newly_failing: ["a.js > new"], needs_own_control: ["a.js > new"] });
});

it.each<[string, Parameters<typeof summary>[0], Cell | null]>([
  ["the change has no control files of its own", {}, null],
  ["it fails with them too", {}, cell(withoutFixture)],
  ["an old test fails with them", {}, cell({ ...withFixture, "a.js > old": "fail" })],
  ["an old test is missing with them", {}, cell({ "a.js > other": "pass", "a.js > new": "pass" })],
  ["the command fails with them", {}, cell(withFixture, { exit_code: 1 })],
  ["a result with them can't be believed", {}, cell(withFixture, { incomplete: "cut off" })],
  ["an old test fails", { "old-tests-new-code": cell({ ...base, "a.js > old": "fail" }) }, cell(withFixture)],
  [
    "an old test fails beside the new one",
    { "new-tests-new-code": cell({ ...withoutFixture, "a.js > old": "fail" }) },
    cell(withFixture),
  ],
  [
    "an old test is skipped",
    { "new-tests-new-code": cell({ ...withoutFixture, "a.js > old": "skip" }) },
    cell(withFixture),
  ],
  [
    "an old test is gone",
    { "new-tests-new-code": cell({ "a.js > other": "pass", "a.js > new": "fail" }) },
    cell(withFixture),
  ],
  [
    "another new test is flaky",
    { "new-tests-new-code": cell({ ...withoutFixture, "a.js > now and then": "flaky" }, { runs: 3 }) },
    cell({ ...withFixture, "a.js > now and then": "pass" }),
  ],
  ["the old tests' command fails", { "old-tests-new-code": cell(base, { exit_code: 3 }) }, cell(withFixture)],
  [
    "a result without them can't be believed",
    { "new-tests-old-code": cell(base, { sentinel: "not-reported" }) },
    cell(withFixture),
  ],
])("lists no test that needs its own control files if %s", (_title, cells, own) => {
  expect(summary({ ...needing, ...cells }, own).needs_own_control).toEqual([]);
});
