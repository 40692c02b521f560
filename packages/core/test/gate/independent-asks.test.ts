/** When the gate asks because tests of another run are missing. */
import { type IndependentOutcome, type IndependentTests, noneLeftOut } from "@aedev/contracts";
import { describe, expect, it } from "vitest";
import type { Policy } from "../../src/gate/policy/policy-schema.ts";
import { gate } from "../../src/index.ts";
import { honestFix, samplePolicy } from "./sample-policy.ts";

const wrote: IndependentOutcome = { isSecond: false, missing: null };
const none: IndependentTests = { files: [], passed: 0, failed: [], uncounted: 0 };

function missing(found: IndependentTests | undefined, independentOutcome: IndependentOutcome | undefined, isOn = true) {
  const independentTests = found === undefined ? {} : { independentTests: found };
  const policy = { ...samplePolicy, second_implementation: isOn ? ("always" as const) : ("never" as const) };
  const { reasons } = gate(honestFix({ ...independentTests, independentOutcome, policy }));
  return reasons.flatMap((reason) =>
    typeof reason !== "string" && reason.kind === "independent-tests-missing" ? [reason.why] : [],
  );
}

describe("tests of another run", () => {
  it.each([
    ["no-files", ["no-files"], ["no-files"]],
    ["no-results", [], []],
    ["not-loaded", [], ["not-loaded"]],
    ["none-counted", ["none-counted"], ["none-counted"]],
    ["unavailable", ["unavailable"], ["unavailable"]],
  ] as const)("asks if no test of another run could be compared: %s", (why_none, first, second) => {
    expect(missing({ ...none, why_none }, wrote)).toEqual(first);
    expect(missing({ ...none, why_none }, { ...wrote, isSecond: true })).toEqual(second);
    expect(missing({ ...none, why_none }, wrote, false)).toEqual([]);
    // These tests are still to come.
    expect(missing({ ...none, why_none }, undefined)).toEqual([]);
  });

  it("asks with the calls for which another run's code gives something else", () => {
    const found = {
      compared: 9,
      agreed: 2,
      cases: [],
      more: 0,
      tests_passed: 1,
      tests_failed: [],
      left_out: noneLeftOut,
    };
    const one = { path: "a.js", name: "parse", input: '("a;;b")', change: "1", other: "2", base: null, in_tests: true };
    const cases = [{ ...one, changed_by: "both" as const }];
    const asked = (change: object) =>
      gate(honestFix({ independentOutcome: wrote, secondImplementation: { ...found, ...change } }));
    expect(asked({ cases, more: 1 }).reasons).toContainEqual({
      kind: "implementations-differ",
      calls: ['parse in a.js: gives 1 here, and 2 in the other version, for ("a;;b")'],
      more: 1,
    });
    expect(asked({ tests_failed: ["t"] }).reasons).toContainEqual({
      kind: "implementations-differ",
      calls: ["t fails there"],
      more: 0,
    });
    // The only call has a secret and is not shown.
    expect(asked({ more: 1 }).reasons).toContainEqual({ kind: "implementations-differ", calls: [], more: 1 });
    expect(asked({}).answer).toBe("merge");
    // The coder is told the case first.
    expect(asked({ cases }).missing_tests).toContain("gives 1 here, and 2 in the other version");
  });

  it("asks if another run wrote no tests", () => {
    const outcome: IndependentOutcome = { isSecond: false, missing: { why: "held", code: "HOLD-BUDGET" } };
    expect(missing(undefined, outcome)).toEqual(["held"]);
    // Passing tests of a first run don't replace those that a second run did not write.
    expect(missing({ ...none, passed: 1 }, { ...outcome, isSecond: true })).toEqual(["held"]);
  });

  it("asks if no independent test was compared and the evidence does not say why, but not if some were", () => {
    expect(missing({ ...none, uncounted: 1 }, wrote)).toEqual(["none-counted"]);
    expect(missing({ ...none, passed: 1 }, wrote)).toEqual([]);
  });

  it("is made always, never, or only for a change that would not merge without it", () => {
    const needs = (second_implementation: Policy["second_implementation"], start = samplePolicy.risk.start) => {
      const policy = { ...samplePolicy, second_implementation, risk: { ...samplePolicy.risk, start } };
      const { answer, other_run } = gate(honestFix({ policy }));
      return [answer, other_run];
    };
    const clean = gate(honestFix()).risk.score;
    // Thousandths of log-odds: just above the 10 % below which the profile merges.
    const uncertain = samplePolicy.risk.start - clean - 2000;
    expect([needs("never"), needs("when_uncertain"), needs("always")]).toEqual([
      ["merge", false],
      ["merge", false],
      ["merge", true],
    ]);
    expect([needs("never", uncertain), needs("when_uncertain", uncertain), needs("always", uncertain)]).toEqual([
      ["ask", false],
      ["merge", true],
      ["merge", true],
    ]);
  });

  it("gives no credit if a person must approve every change, because then it never starts", () => {
    const policy = { ...samplePolicy, second_implementation: "always" as const };
    const score = (writes: "allowed" | "on-approval") => gate(honestFix({ policy, writes })).risk.score;
    expect(score("on-approval")).toBe(gate(honestFix()).risk.score);
    expect(score("on-approval")).toBeGreaterThan(score("allowed"));
  });
});
