/** Decides whether a change gets a next run instead of a hold: for failed checks, a failed verdict or a moved base, while runs and tokens are left. */

import { counted, type HoldCode, tokensOf } from "@aedev/contracts";
import type { RepairBounds } from "../model/command.ts";
import type { RunBasis, TaskState } from "../model/state.ts";

/** The codes that can be repaired, with the cause of the next run; every other code holds at once. */
const causes: Partial<Record<HoldCode, "checks" | "verdict">> = {
  "HOLD-CHECKS-FAILED": "checks",
  "HOLD-VALIDATOR-FAIL": "verdict",
  "HOLD-VALIDATOR-DISAGREEMENT": "verdict",
  // The event of a moved base names no cause of its own.
  "HOLD-BASE-MOVED": "checks",
};

export type NextRepair =
  | { readonly kind: "repair"; readonly cause: "checks" | "verdict" }
  | { readonly kind: "exhausted"; readonly why: string }
  | { readonly kind: "none" };

export function nextRepair(task: TaskState, code: HoldCode, bounds: RepairBounds): NextRepair {
  const cause = causes[code];
  if (cause === undefined || bounds.max_runs === 0) return { kind: "none" };
  // Nothing makes another inverse of the same change, except on another base.
  if (task.reverts !== undefined && code !== "HOLD-BASE-MOVED") return { kind: "none" };
  if (task.repairs >= bounds.max_runs) return { kind: "exhausted", why: counted(task.repairs + 1, "run") };
  const tokens = tokensUsed(task);
  if (tokens >= bounds.task_tokens) return { kind: "exhausted", why: `${tokens} of ${bounds.task_tokens} tokens` };
  return { kind: "repair", cause };
}

/** Tokens of all runs of the task that count against budgets: input, output and cache writes, as the gateway counted them. */
export function tokensUsed(task: TaskState): number {
  return task.runs.reduce((sum, { usage }) => sum + tokensOf(usage), 0);
}

/** The earlier change that the next run's prompt describes. A run that ended without evidence passes its own basis on. */
export function nextBasis(task: TaskState): RunBasis | null {
  const { next_cause, evidence, verdicts } = task;
  const last = task.runs.at(-1);
  if (next_cause === null) return null;
  if (evidence === null) return last?.basis ?? null;
  return {
    bundle: evidence.bundle,
    failed_answers: verdicts.flatMap(({ verdict, answer }) => (verdict === "fail" && answer !== null ? [answer] : [])),
    conflict: next_cause === "base-moved" ? (last?.outcome?.detail ?? null) : null,
  };
}
