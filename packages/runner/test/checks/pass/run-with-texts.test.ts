/** Whether a run of the tests on other texts counts as green although tests failed. */
import { expect, it } from "vitest";
import type { CommandPass } from "../../../src/checks/pass/pass.ts";
import { isGreenBut } from "../../../src/checks/pass/run-with-texts.ts";

type Tests = Record<string, "pass" | "fail" | "skip">;
function pass(
  exitCode: number | null,
  tests: Tests | null,
  more: { timedOut?: boolean; stopped?: string; problem?: string } = {},
): CommandPass {
  const { timedOut = false, stopped = null, problem = null } = more;
  const report =
    tests === null ? null : { tests: Object.entries(tests).map(([id, result]) => ({ id, result })), problem };
  return { result: { exitCode, timedOut, stopped }, report } as Partial<CommandPass> as CommandPass;
}
const flaky = new Set(["b"]);

it.each<[string, CommandPass, boolean]>([
  ["ended with 0", pass(0, { a: "pass" }), true],
  ["failed a test that is known to be flaky", pass(1, { a: "pass", b: "fail" }), true],
  ["failed another test", pass(1, { a: "fail", b: "pass" }), false],
  ["failed a flaky test and another one", pass(1, { a: "fail", b: "fail" }), false],
  ["failed although no test did", pass(1, { a: "pass", b: "pass" }), false],
  ["failed without results", pass(1, null), false],
  ["failed a flaky test in a report that is not believed", pass(1, { b: "fail" }, { problem: "cut short" }), false],
  ["was stopped at its time limit", pass(0, { a: "pass" }, { timedOut: true }), false],
  ["was stopped at its time limit in a flaky test", pass(1, { b: "fail" }, { timedOut: true }), false],
  ["was stopped", pass(0, { a: "pass" }, { stopped: "out of memory" }), false],
  ["was killed in a flaky test", pass(null, { b: "fail" }, { stopped: "out of memory" }), false],
])("a run that %s counts as green: %s", (_title, run, expected) => {
  expect(isGreenBut(run, flaky)).toBe(expected);
});
