/** Whether a change that would be held gets a next run instead: for red checks, a failed verdict or a base that moved under it, as long as runs and tokens are left. */
import type { RepairBounds } from "../log/command.ts";
import type { RunBasis, TaskState } from "../log/state.ts";
import type { HoldCode, Usage } from "../wire/index.ts";

/** What each code is repaired as; every other code holds at once. */
const causes: Partial<Record<HoldCode, "checks" | "verdict">> = {
  "HOLD-CHECKS-FAILED": "checks",
  "HOLD-VALIDATOR-FAIL": "verdict",
  "HOLD-VALIDATOR-DISAGREEMENT": "verdict",
  // The event of a moved base names no cause of its own.
  "HOLD-BASE-MOVED": "checks",
};

export type NextRepair =
  | { readonly kind: "repair"; readonly cause: "checks" | "verdict" }
  | { readonly kind: "spent"; readonly why: string }
  | { readonly kind: "none" };

export function nextRepair(task: TaskState, code: HoldCode, bounds: RepairBounds): NextRepair {
  const cause = causes[code];
  if (cause === undefined || bounds.max_runs === 0) return { kind: "none" };
  if (task.repairs >= bounds.max_runs) return { kind: "spent", why: `${task.repairs + 1} runs` };
  const tokens = tokensSpent(task);
  if (tokens >= bounds.task_tokens) return { kind: "spent", why: `${tokens} of ${bounds.task_tokens} tokens` };
  return { kind: "repair", cause };
}

/** Tokens of all runs of the task that count against budgets: input, output and cache writes, as the gateway counted them. */
export function tokensSpent(task: TaskState): number {
  return task.runs.reduce((sum, { usage }) => sum + tokensOf(usage), 0);
}

/** What one run counts for: what the streams said, and what the gateway charged on top. */
export function tokensOf({ input_tokens, output_tokens, cache_write_tokens, surcharge_tokens = 0 }: Usage): number {
  return input_tokens + output_tokens + cache_write_tokens + surcharge_tokens;
}

/** What the next run is told of. A run that was cut short before it left evidence hands on what it was told itself. */
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
