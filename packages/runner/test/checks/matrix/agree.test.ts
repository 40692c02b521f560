/** Whether a command that was stopped counts as having failed, or as having no result. */
import { expect, it } from "vitest";
import type { CommandPlan } from "../../../src/checks/command/plan.ts";
import { plainResult } from "../../../src/checks/matrix/agree.ts";
import type { CommandPass } from "../../../src/checks/pass/pass.ts";

const memory = "it ran out of memory";

it.each<
  [string, string | null, { stopped: string | null; outOfMemory: boolean; mayBreak: boolean; exitCode?: number }]
>([
  ["new tests on old code that take all memory", null, { stopped: memory, outOfMemory: true, mayBreak: true }],
  ["any other cell that takes all memory", memory, { stopped: memory, outOfMemory: true, mayBreak: false }],
  [
    "new tests on old code that were cancelled",
    "it was cancelled",
    { stopped: "it was cancelled", outOfMemory: false, mayBreak: true },
  ],
  ["a success although memory ran out", memory, { stopped: memory, outOfMemory: true, mayBreak: true, exitCode: 0 }],
])("%s", (_name, incomplete, { stopped, outOfMemory, mayBreak, exitCode = 137 }) => {
  const plan = { command: "node --test", runner: { format: "tap" } } as CommandPlan;
  const result = { exitCode, timedOut: false, stopped, durationMs: 1, output: "", omittedBytes: 0, isWhole: true };
  const pass: CommandPass = {
    ...{ result: { ...result, outOfMemory, wasKilled: false }, errors: "", report: { tests: [], problem: null } },
    ...{ placed: new Map(), nonce: "", trace: null, isTraceFull: false, record: null },
  };
  const kind = { newCode: false, mayBreak };
  expect(plainResult(plan, pass, { kind, outputTailBytes: 100 }).incomplete).toBe(incomplete);
});
