/** Differences that count against a candidate, and the merged result of several runs of one tree. */
import type { CommandResult } from "@aedev/contracts";
import { describe, expect, it } from "vitest";
import {
  differenceOf,
  isDifferent,
  isSilent,
  isUnsettled,
  mayFailByChance,
  mergeRuns,
  revokes,
} from "../../../src/checks/matrix/differences.ts";

type Results = Record<string, "pass" | "fail" | "skip" | "flaky">;

function run(results: Results | null, more: Partial<CommandResult> = {}): CommandResult {
  const tests = results === null ? null : Object.entries(results).map(([id, result]) => ({ id, result }));
  return {
    command: "npm test",
    exit_code: tests?.some(({ result }) => result === "fail") ? 1 : 0,
    timed_out: false,
    duration_ms: 5,
    output_tail: JSON.stringify(results),
    omitted_bytes: 0,
    format: results === null ? "exit-code" : "tap",
    tests,
    sentinel: "none",
    incomplete: null,
    runs: 1,
    exit_codes: [],
    ...more,
  };
}
const shown = ({ tests }: CommandResult) => Object.fromEntries((tests ?? []).map(({ id, result }) => [id, result]));

describe("a run without results", () => {
  const base = [run({ a: "pass" }), run(null)];
  it.each<[string, CommandResult[], boolean]>([
    ["has none where the base has some, and fails", [run({}, { exit_code: 101 }), run(null)], true],
    ["was not reported at all, and fails", [run(null, { exit_code: 101 }), run(null)], true],
    ["is missing", [], true],
    ["fails with results", [run({ a: "fail" }), run(null)], false],
    ["has none, and succeeds", [run({}, { exit_code: 0 }), run(null)], false],
    ["has none where the base has none either", [run({ a: "pass" }), run(null, { exit_code: 1 })], false],
  ])("%s", (_, after, expected) => {
    expect(isSilent(base, after)).toBe(expected);
  });
});

describe("a difference from the base", () => {
  const base = run({ a: "pass", b: "fail", c: "skip", d: "flaky" });
  it.each<[string, Results]>([
    ["fails", { a: "fail" }],
    ["is skipped", { a: "skip" }],
    ["is gone", {}],
    ["is new and red", { a: "pass", n: "fail" }],
  ])("is a test that %s", (_title, results) => {
    const difference = differenceOf(base, run(results));
    expect(isDifferent(difference)).toBe(true);
    expect(revokes(difference, run({ a: "pass", n: "pass" }))).toBe(true);
    expect(revokes(difference, run(results))).toBe(false);
  });
  it("includes no test that is fixed, or new and green", () => {
    const after = run({ a: "pass", b: "fail", d: "pass", n: "pass" });
    expect(isDifferent(differenceOf(base, after))).toBe(false);
    expect(isDifferent(differenceOf(base, run({ a: "pass", b: "pass", c: "pass", d: "pass" })))).toBe(false);
  });
  it("includes a test that fails by chance on the base, as soon as it fails here", () => {
    for (const result of ["fail", "flaky"] as const) {
      const difference = differenceOf(base, run({ a: "pass", d: result }));
      expect(isDifferent(difference)).toBe(true);
      expect(revokes(difference, run({ a: "pass", d: "pass" }))).toBe(true);
      expect(revokes(difference, run({ a: "pass", d: "fail" }))).toBe(false);
    }
  });
  it("includes an exit code that is no longer 0, with or without tests", () => {
    expect(isDifferent(differenceOf(run(null), run(null, { exit_code: 2 })))).toBe(true);
    expect(isDifferent(differenceOf(run(null, { exit_code: 1 }), run(null, { exit_code: 2 })))).toBe(false);
    expect(isDifferent(differenceOf(run(null), run(null)))).toBe(false);
  });
});

describe("several runs of one tree", () => {
  it("make a test flaky that passes in only one, and keep the worse result of one that passes in none", () => {
    const first = run({ same: "pass", turned: "fail", vanished: "pass", red: "fail", gone: "skip" });
    const again = run({ same: "pass", turned: "pass", red: "skip", late: "pass" });
    expect(shown(mergeRuns(first, again))).toEqual({
      same: "pass",
      turned: "flaky",
      vanished: "flaky",
      red: "fail",
      gone: "skip",
      late: "flaky",
    });
  });
  it("count the passes in which a flaky test did not pass", () => {
    const proven = run({ a: "flaky", b: "pass", c: "fail" }, { passes: 2 });
    const merged = mergeRuns(
      mergeRuns(proven, run({ a: "fail", b: "pass", c: "fail" })),
      run({ a: "pass", b: "skip", c: "fail" }),
    );
    expect(merged.passes).toBe(4);
    expect(merged.tests).toEqual([
      { id: "a", result: "flaky", failed: 2 },
      { id: "b", result: "flaky", failed: 1 },
      { id: "c", result: "fail" },
    ]);
  });
  it("show the run that ended with 0 if no test fails steadily, otherwise a failed run", () => {
    const good = run({ a: "pass" });
    const bad = run({ a: "fail" });
    for (const merged of [mergeRuns(good, bad), mergeRuns(bad, good)])
      expect(merged).toMatchObject({ exit_code: 0, output_tail: good.output_tail, runs: 2 });
    expect(mergeRuns(bad, good).exit_codes).toEqual([1, 0]);
    expect(mergeRuns(bad, bad)).toMatchObject({ exit_code: 1, output_tail: bad.output_tail, runs: 2 });
    const both = mergeRuns(run({ a: "fail", b: "fail" }), run({ a: "pass", b: "fail" }));
    expect(both).toMatchObject({ exit_code: 1, exit_codes: [1, 1] });
    expect(mergeRuns(mergeRuns(good, bad), good)).toMatchObject({ runs: 3, exit_codes: [0, 1, 0] });
  });
});

describe("a failed command", () => {
  it.each<[string, CommandResult, CommandResult | undefined, boolean]>([
    ["failed only tests that are flaky", run({ a: "pass", b: "flaky" }, { exit_code: 1 }), undefined, true],
    ["failed a test that is flaky on the base", run({ b: "fail" }), run({ b: "flaky" }), true],
    ["failed a test that is stable on the base", run({ b: "fail" }), run({ b: "pass" }), false],
    ["failed a flaky test and a steady one", run({ b: "flaky", c: "fail" }), run({ b: "flaky" }), false],
    ["ended with 0 in a run", run({ b: "flaky" }), undefined, false],
    ["failed although no test did", run({ b: "pass" }, { exit_code: 1 }), undefined, false],
    ["gives no results", run(null, { exit_code: 1 }), undefined, false],
  ])("is repeated until it succeeds, or not, if it %s", (_title, after, base, expected) => {
    expect(isUnsettled(after, base)).toBe(expected);
  });

  const failing = (count: number): Results =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`t${at}`, "fail" as const]));
  it.each<[string, CommandResult, boolean]>([
    ["a few of its tests fail", run({ ...failing(3), a: "pass" }), true],
    ["many of its tests fail", run({ ...failing(11), a: "pass" }), false],
    ["none of its tests passes", run(failing(1)), false],
    ["none fails", run({ a: "pass", b: "flaky" }), false],
    ["it takes minutes", run({ ...failing(1), a: "pass" }, { duration_ms: 61_000 }), false],
  ])("is repeated, or not, to see whether the base fails by chance, if %s", (_title, command, expected) => {
    expect(mayFailByChance(command)).toBe(expected);
  });
});
