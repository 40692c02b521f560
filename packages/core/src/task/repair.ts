/** Decides whether a task gets a next run instead of a hold, while runs and tokens are left: after failed checks, a failed verdict, a moved base, or a run that got stuck or reached its time limit. */

import { counted, type HoldCode, tokensOf } from "@aedev/contracts";
import type { RepairBounds } from "../model/command.ts";
import { runOfChange } from "../model/fallback-change.ts";
import { independentCause } from "../model/independent-run.ts";
import type { RunBasis, RunState } from "../model/run-state.ts";
import type { TaskState } from "../model/state.ts";

type RepairCause = "checks" | "verdict" | "stuck" | "timeout";

/** The codes that can be repaired, with the cause of the next run; every other code holds at once. */
const causes: Partial<Record<HoldCode, "checks" | "verdict">> = {
  "HOLD-CHECKS-FAILED": "checks",
  "HOLD-VALIDATOR-FAIL": "verdict",
  "HOLD-VALIDATOR-DISAGREEMENT": "verdict",
  // The event of a moved base names no cause.
  "HOLD-BASE-MOVED": "checks",
};

export type NextRepair =
  | { readonly kind: "repair"; readonly cause: RepairCause }
  | { readonly kind: "exhausted"; readonly why: string }
  | { readonly kind: "none" };

export function nextRepair(task: TaskState, code: HoldCode, bounds: RepairBounds): NextRepair {
  const cause = causes[code];
  // A revert is not repaired, because there is only one inverse of a change on one base.
  if (cause === undefined || (task.reverts !== undefined && code !== "HOLD-BASE-MOVED")) return { kind: "none" };
  return withinBounds(task, cause, bounds);
}

/** Whether the policy and the task's tokens leave another run. */
export function isRunLeft(task: TaskState, bounds: RepairBounds): boolean {
  return withinBounds(task, "checks", bounds).kind === "repair";
}

/** The next run after a run that was stopped because it was stuck or reached its time limit. A run that ended without a change is held. */
export function nextAfterStop(task: TaskState, cause: "stuck" | "timeout", bounds: RepairBounds): NextRepair {
  return withinBounds(task, cause, bounds);
}

/** Whether no run of the newest series of attempts, each started because the one before was stopped, left anything that it did not start with. */
export function attemptsLeftNothing({ runs }: Pick<TaskState, "runs">): boolean {
  for (const { cause, continues, patch } of runs.toReversed()) {
    if (patch?.digest !== continues?.patch?.digest) return false;
    if (cause !== "stuck" && cause !== "timeout") return true;
  }
  return runs.length > 0;
}

function withinBounds(task: TaskState, cause: RepairCause, bounds: RepairBounds): NextRepair {
  if (bounds.max_runs === 0) return { kind: "none" };
  if (task.repairs >= bounds.max_runs) return { kind: "exhausted", why: counted(task.repairs + 1, "run") };
  const tokens = tokensUsed(task);
  if (tokens >= bounds.task_tokens) return { kind: "exhausted", why: `${tokens} of ${bounds.task_tokens} tokens` };
  return { kind: "repair", cause };
}

/** Codes of runs that were stopped midway, so that their work is worth continuing. */
const interruptedCodes: readonly HoldCode[] = [
  "HOLD-CODER-TIMEOUT",
  "HOLD-CODER-UNAVAILABLE",
  "HOLD-USAGE-LIMIT",
  "HOLD-BUDGET",
  "HOLD-STOPPED",
  "HOLD-NO-PROGRESS",
  "HOLD-DOCKER-UNAVAILABLE",
  "HOLD-DISK-LOW",
];

/**
 * Finds the run whose work the next run continues, with the code of the hold that interrupted it. That is the last run, or the run that it continued
 * itself, if the last run failed before it left anything. Code null: the run was not interrupted, and the next run adds to its change. Null: the
 * next run starts from the base.
 */
export function runToContinue({
  runs: all,
  fallback,
  restored,
  set_aside,
}: Pick<TaskState, "runs" | "fallback" | "restored" | "set_aside">): { run: RunState; code: HoldCode | null } | null {
  // A restored change is complete; the failed runs after it do not matter.
  if (restored !== undefined) return null;
  // A run that writes tests sees no change, and no change starts from its work. It continues only runs for the same change,
  // because the specification may have been another before an earlier change.
  const newestOfChange = all.findLastIndex(({ cause }) => cause !== independentCause);
  const runs =
    set_aside === undefined ? all.filter(({ cause }) => cause !== independentCause) : all.slice(newestOfChange + 1);
  const complete = runs.find(({ run_id }) => run_id === fallback?.run_id);
  const newestWithPatch = runs.findLast(({ patch }) => patch !== null);
  if (complete !== undefined && newestWithPatch === complete) return { run: complete, code: null };
  for (let run = runs.at(-1); run !== undefined; ) {
    if (run.missed === true) return { run, code: null };
    const code = run.outcome?.code ?? null;
    if (run.status !== "ended" || code === null) return null;
    const { continues, patch } = run;
    const isInterrupted = interruptedCodes.includes(code);
    const earlier = continues?.patch == null ? undefined : runs.find(({ run_id }) => run_id === continues.run_id);
    if (patch !== null || earlier === undefined || !(isInterrupted || code === "HOLD-CODER-FAILED"))
      return isInterrupted ? { run, code } : null;
    // The conversation may be why the run that continued it failed.
    const { session: _session, ...withoutSession } = earlier;
    run = withoutSession;
  }
  return null;
}

/** The tokens of all runs of the task that count against budgets: input, output and cache writes, as the gateway counted them. */
export function tokensUsed(task: TaskState): number {
  return task.runs.reduce((sum, { usage }) => sum + tokensOf(usage), 0);
}

/** The earlier change that the next run's prompt describes. A run that ended without evidence passes on its own basis. */
export function nextBasis(task: TaskState): RunBasis | null {
  const { next_cause, evidence, verdicts } = task;
  const last = runOfChange(task);
  if (next_cause === null || next_cause === independentCause) return null;
  if (evidence === null) return last?.basis ?? null;
  return {
    bundle: evidence.bundle,
    failed_answers: verdicts.flatMap(({ verdict, answer }) => (verdict === "fail" && answer !== null ? [answer] : [])),
    conflict: next_cause === "base-moved" ? (last?.outcome?.detail ?? null) : null,
  };
}
