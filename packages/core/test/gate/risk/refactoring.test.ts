/** When a change without new behaviour counts as shown to do the same, and what it is then not asked about. */
import { describe, expect, it } from "vitest";
import type { GateInput } from "../../../src/gate/hard-gates.ts";
import { needsOtherRun } from "../../../src/gate/risk/change-kind.ts";
import { isCoveredRefactoring, unitsWithSameResults } from "../../../src/gate/risk/refactoring.ts";
import { changedFile, gateTexts as gate, honestFix } from "../sample-policy.ts";

type Replayed = NonNullable<GateInput["replay"]>["functions"][number];
type Refactoring = NonNullable<NonNullable<GateInput["changeKinds"]>["refactoring"]>;

const called: Replayed = {
  ...{ path: "lib/a.js", name: "f", on_base: true, calls: 3, skipped: 0, outcome: "same", left_out: null },
  ...{ difference: null, near: { compared: 5, difference: null } },
};
const asked: Refactoring = {
  lost: [],
  changed: [
    { unit: "lib/a.js twice", reached_by: ["lib/a.js twice", "lib/a.js f"] },
    { unit: "lib/a.js f", reached_by: ["lib/a.js f"] },
  ],
};
const whole = {
  changed_lines: 2,
  covered_lines: 2,
  ways: [],
  missed: 0,
  missed_minor: 0,
  unmeasured: [],
  unmeasured_more: 0,
};

interface Parts {
  readonly refactoring?: Partial<Refactoring> | null;
  readonly functions?: readonly Partial<Replayed>[];
  readonly coverage?: Partial<typeof whole>;
}

/** A refactoring without a test, of which every part is shown. */
function change(
  { refactoring = {}, functions = [{}], coverage = {} }: Parts = {},
  more: Partial<GateInput> = {},
): GateInput {
  const honest = honestFix();
  const { checks, provenness, pathReport } = honest;
  if (checks === null || provenness === null || pathReport === null) throw new Error("the sample has no evidence");
  const files = [{ path: "lib/a.js", kind: "code" as const, named_by: null }];
  return honestFix({
    checks: { ...checks, new_tests: "none", fail_to_pass: [] },
    provenness: { ...provenness, coverage: { ...whole, ...coverage }, coverage_missing: null },
    testChanges: { files: [], settings: [], code_findings: [], only_adds_functions: [], only_adds_rows: [] },
    pathReport: { ...pathReport, files: [changedFile("lib/a.js")] },
    changeKinds: { files, ...(refactoring === null ? {} : { refactoring: { ...asked, ...refactoring } }) },
    replay: { functions: functions.map((one) => ({ ...called, ...one })), more: 0, unrecorded: [], not_replayed: null },
    ...more,
  });
}

describe("a refactoring that the mission asks for", () => {
  it("merges without a test and without another run's tests if all changed code gives the base's results", () => {
    const one = change();
    expect(gate(one)).toMatchObject({ answer: "merge", reasons: [] });
    expect(needsOtherRun(one, { second_implementation: "always" })).toBe(false);
    expect(unitsWithSameResults(one)).toEqual(["lib/a.js twice", "lib/a.js f"]);
  });
  const other = { input: "(7)", expected: "8", found: "9" };
  it.each<[string, Parts]>([
    ["the mission asks for something else", { refactoring: null }],
    ["a name that others use is gone", { refactoring: { lost: ["g"] } }],
    [
      "a changed function was not called again",
      { refactoring: { changed: [...asked.changed, { unit: "lib/a.js g", reached_by: ["lib/a.js g"] }] } },
    ],
    ["nothing changed that calls could show", { refactoring: { changed: [] } }],
    ["no test takes a way through it", { coverage: { missed: 1 } }],
    ["a file could not be measured", { coverage: { unmeasured_more: 1 } }],
    ["another function gives another result", { functions: [{}, { name: "h", outcome: "unsure" }] }],
    ["a near input gives another result", { functions: [{ near: { compared: 5, difference: other } }] }],
    ["no near input was compared", { functions: [{ near: { compared: 0, difference: null } }] }],
    ["the base lacks the function", { functions: [{ on_base: false }] }],
    ["the calls could not be repeated", { functions: [{ outcome: "left-out", left_out: "needs-tests" }] }],
    ["no function was called", { functions: [] }],
  ])("is not shown to do the same if %s", (_, parts) => {
    expect(unitsWithSameResults(change(parts))).toEqual([]);
    expect(needsOtherRun(change(parts), { second_implementation: "always" })).toBe(true);
  });

  it("is not shown to do the same if nothing was replayed, although functions are listed", () => {
    const { replay } = change();
    const replayed = (not_replayed: "no-answer" | null) =>
      unitsWithSameResults(change({}, { replay: replay === null ? null : { ...replay, not_replayed } }));
    expect([replayed("no-answer"), replayed(null)]).toEqual([[], ["lib/a.js twice", "lib/a.js f"]]);
  });

  it("is asked about with the input at which it gives another result near the tests' inputs, and another change is not", () => {
    const near = { compared: 5, difference: other };
    expect(gate(change({ functions: [{ near }] })).reasons.join("\n")).toContain(
      "f in lib/a.js for an input that no test has: gave 9 instead of 8 for (7)",
    );
    expect(gate(change({ functions: [{ near }], refactoring: null })).reasons.join("\n")).not.toContain("gave 9");
  });

  it("needs no test of its own if tests run its code, although its calls can't be repeated", () => {
    const unshown = { functions: [] };
    expect(isCoveredRefactoring(change(unshown))).toBe(true);
    const shares = (parts: Parts) => gate(change(parts)).risk.shares.map(({ factor }) => factor);
    expect(shares(unshown)).not.toContain("code_without_test");
    expect(shares({ refactoring: null })).toContain("code_without_test");
    expect(gate(change(unshown)).missing_tests).toBeNull();
  });
});
