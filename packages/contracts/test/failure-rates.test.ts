/** The comparison of two rates of failure: its formula, which tests are compared, and that stopping early changes no answer. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CommandResult, TestResult } from "../src/evidence.ts";
import {
  chanceOfAsMany,
  comparedPassesMax,
  comparedTests,
  failsMoreOften,
  isCompared,
  isSeenOnce,
  mayStillDiffer,
} from "../src/failure-rates.ts";

function command(tests: TestResult[] | null, more: Partial<CommandResult> = {}): CommandResult {
  return {
    ...{ command: "npm test", exit_code: 0, timed_out: false, duration_ms: 5, output_tail: "", omitted_bytes: 0 },
    ...{ format: "tap", tests, sentinel: "none", incomplete: null, runs: 1, exit_codes: [] },
    ...more,
  };
}
/** A command whose only test `a` did not pass in this many passes. */
const counted = (failed: number, passes: number) =>
  command(
    [
      failed === 0
        ? { id: "a", result: "pass" }
        : failed === passes
          ? { id: "a", result: "fail" }
          : { id: "a", result: "flaky", failed },
    ],
    { passes },
  );
const exits = (...codes: number[]) =>
  command(null, { exit_codes: codes, exit_code: codes.includes(0) ? 0 : 1, runs: codes.length });

describe("the chance of as many failures", () => {
  // In whole numbers of ways: 101 of 184756, 1553 of 8398, 2861 of 4522.
  it.each([
    [{ failed: 1, of: 10 }, { failed: 9, of: 10 }, 0.000547],
    [{ failed: 3, of: 10 }, { failed: 6, of: 10 }, 0.18492],
    [{ failed: 3, of: 11 }, { failed: 3, of: 10 }, 0.63268],
    [{ failed: 0, of: 10 }, { failed: 0, of: 10 }, 1],
    [{ failed: 2, of: 2 }, { failed: 0, of: 2 }, 1],
  ])("computes the chance of as many failures from %o before and %o now as %f", (before, now, expected) => {
    expect(chanceOfAsMany(before, now)).toBeCloseTo(expected, 4);
  });
});

describe("a test that fails by chance on the base", () => {
  it("compares a test that fails by chance on the base if it failed with the change", () => {
    expect(comparedTests(counted(3, 10), counted(2, 10))).toEqual(["a"]);
    expect(comparedTests(counted(3, 10), counted(0, 10))).toEqual([]);
    expect(comparedTests(counted(0, 10), counted(2, 10))).toEqual([]);
    expect(comparedTests(counted(3, 10), command([{ id: "a", result: "skip" }]))).toEqual([]);
    expect(comparedTests(counted(3, 10), command([]))).toEqual([]);
  });

  it("finds a test worse if it fails clearly more often than on the base, but not if it fails about as often", () => {
    const base = counted(3, 10);
    for (const after of [counted(8, 10), counted(10, 10)])
      expect(failsMoreOften(base, after)).toEqual({ tests: ["a"], exit: false });
    for (const after of [counted(4, 10), counted(1, 10), counted(1, 1), counted(0, 10)])
      expect(failsMoreOften(base, after)).toEqual({ tests: [], exit: false });
  });

  it("counts a test's failures as its command's if an earlier version did not count them", () => {
    const uncounted = (codes: number[]) =>
      command([{ id: "a", result: "flaky" }], { runs: codes.length, exit_codes: codes });
    expect(failsMoreOften(uncounted([0, 1, 0]), counted(10, 10)).tests).toEqual(["a"]);
    expect(failsMoreOften(uncounted([1, 1, 0]), counted(10, 10)).tests).toEqual([]);
    expect(failsMoreOften(command([{ id: "a", result: "flaky" }]), counted(10, 10)).tests).toEqual([]);
  });

  it("reports that a flaky test was seen only once by a runner that makes no second pass", () => {
    const once = command([{ id: "a", result: "pass" }]);
    expect(isSeenOnce(counted(3, 10), once)).toBe(true);
    expect(isSeenOnce(exits(0, 1), exits(0))).toBe(true);
    expect(isSeenOnce(counted(3, 10), counted(0, 2))).toBe(false);
    expect(isSeenOnce(counted(0, 10), once)).toBe(false);
    expect(isSeenOnce(exits(0, 0), exits(0))).toBe(false);
  });

  it("divides the significance level among all flaky tests of a command", () => {
    const many = (failed: number) =>
      command(
        ["a", "b", "c", "d"].map((id) => ({ id, result: "flaky", failed: id === "a" ? failed : 3 })),
        { passes: 10 },
      );
    expect(failsMoreOften(many(3), many(6)).tests).toEqual([]);
    expect(failsMoreOften(counted(3, 10), counted(6, 10)).tests).toEqual(["a"]);
    expect(failsMoreOften(many(3), many(9)).tests).toEqual(["a"]);
  });

  it("compares exit codes if no test explains why they differ", () => {
    const base = exits(0, 1, 0, 0, 0, 0, 1, 0, 0, 0);
    expect(failsMoreOften(base, exits(1, 1, 1, 0, 1, 1, 1, 1, 1, 1))).toEqual({ tests: [], exit: true });
    expect(failsMoreOften(base, exits(1, 1, 0, 0, 0, 0, 0, 0, 0, 0))).toEqual({ tests: [], exit: false });
    expect(isCompared(base, exits(1, 1))).toBe(true);
    expect(isCompared(exits(0, 0), exits(1, 1))).toBe(false);
    expect(isCompared(base, { ...exits(1, 1), tests: [{ id: "a", result: "fail" }] })).toBe(false);
  });
});

it("decides early only if the remaining passes cannot change the answer", () => {
  const side = fc
    .integer({ min: 2, max: 12 })
    .chain((of) => fc.integer({ min: 1, max: of - 1 }).map((failed) => ({ failed, of })));
  fc.assert(
    fc.property(
      side,
      fc.array(fc.boolean(), { minLength: comparedPassesMax, maxLength: comparedPassesMax }),
      (before, fails) => {
        const base = counted(before.failed, before.of);
        const after = (passes: number) => counted(fails.slice(0, passes).filter(Boolean).length, passes);
        const stop = fails.findIndex((_, at) => !mayStillDiffer(base, after(at + 1))) + 1;
        expect(stop).toBeGreaterThan(0);
        if (fails.slice(0, stop).includes(true))
          expect(failsMoreOften(base, after(stop))).toEqual(failsMoreOften(base, after(comparedPassesMax)));
      },
    ),
    { numRuns: 2000 },
  );
  expect(mayStillDiffer(counted(3, 10), counted(1, 2))).toBe(true);
  expect(mayStillDiffer(counted(3, 10), counted(8, 8))).toBe(false);
});
