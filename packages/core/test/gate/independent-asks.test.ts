/** When the gate asks because tests of another run are missing. */
import type { IndependentOutcome, IndependentTests } from "@aedev/contracts";
import { describe, expect, it } from "vitest";
import { gate } from "../../src/index.ts";
import { honestFix, samplePolicy } from "./sample-policy.ts";

const wrote: IndependentOutcome = { isSecond: false, missing: null };
const none: IndependentTests = { files: [], passed: 0, failed: [], uncounted: 0 };

function missing(found: IndependentTests | undefined, independentOutcome: IndependentOutcome | undefined, isOn = true) {
  const independentTests = found === undefined ? {} : { independentTests: found };
  const policy = { ...samplePolicy, independent_tests: isOn };
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
  ] as const)("are asked about if none was compared: %s", (why_none, first, second) => {
    expect(missing({ ...none, why_none }, wrote)).toEqual(first);
    expect(missing({ ...none, why_none }, { ...wrote, isSecond: true })).toEqual(second);
    expect(missing({ ...none, why_none }, wrote, false)).toEqual([]);
    // They are still to come.
    expect(missing({ ...none, why_none }, undefined)).toEqual([]);
  });

  it("are asked about if none was written", () => {
    const outcome: IndependentOutcome = { isSecond: false, missing: { why: "held", code: "HOLD-BUDGET" } };
    expect(missing(undefined, outcome)).toEqual(["held"]);
    // Tests of a first run that passed don't make up for a second one that wrote none.
    expect(missing({ ...none, passed: 1 }, { ...outcome, isSecond: true })).toEqual(["held"]);
  });

  it("are asked about if evidence does not say why none was compared, and not if some were", () => {
    expect(missing({ ...none, uncounted: 1 }, wrote)).toEqual(["none-counted"]);
    expect(missing({ ...none, passed: 1 }, wrote)).toEqual([]);
  });
});
