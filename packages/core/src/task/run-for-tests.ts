/**
 * A run that only adds tests (ADR 0043): it is started once instead of asking a person about a change that nothing but its tests keeps from merging.
 * Until it has come to something, the change before it is kept, so that the person is asked about that one if the run fails.
 */
import type { RunCause } from "@aedev/contracts/api";
import type { RepairBounds } from "../model/command.ts";
import type { FallbackChange } from "../model/fallback-change.ts";
import type { TaskState } from "../model/state.ts";
import { isRunLeft } from "./repair.ts";

/** Runs that a person's decision started, and the first one. */
const beginsSeries: ReadonlySet<RunCause | null> = new Set([null, "words", "answer"]);

/** Whether a run that adds tests may follow: it would be the first since a person's last decision, and runs and tokens are left. */
export function mayRequestTests(task: TaskState, bounds: RepairBounds): boolean {
  if (task.reverts !== undefined || task.fallback !== undefined) return false;
  const start = task.runs.findLastIndex(({ cause }) => beginsSeries.has(cause));
  const hasRun = task.runs.slice(Math.max(0, start)).some(({ cause }) => cause === "tests");
  return !hasRun && isRunLeft(task, bounds);
}

/** The task once tests are requested: its change is kept, and a next run is pending. */
export function withTestsRequested(task: TaskState): TaskState {
  const run_id = task.runs.at(-1)?.run_id;
  if (run_id === undefined) return task;
  const { base_commit, environment, evidence, gate, manifest, patch, policy } = task;
  const { profile, ref, risk_acknowledged, settings, tree, verdicts } = task;
  const fallback: FallbackChange = {
    ...{ base_commit, environment, evidence, gate, manifest, patch, policy },
    ...{ profile, ref, risk_acknowledged, run_id, settings, tree, verdicts },
  };
  const next = { status: "planned", gate: null, next_cause: "tests", repairs: task.repairs + 1 } as const;
  return { ...task, ...next, fallback };
}

/** The task whose earlier change waits for approval, as if the runs after it had never been. */
export function withChangeRestored(task: TaskState): TaskState {
  const { fallback, ...rest } = task;
  if (fallback === undefined) return task;
  const { run_id: restored, ...change } = fallback;
  const undecided = { status: "asked", hold: null, approval: null, landing: null, next_cause: null } as const;
  return { ...rest, ...change, ...undecided, landings: 0, refusals: 0, restored };
}

/** The task without the change that was kept for a failed run. */
export function withoutFallback(task: TaskState): TaskState {
  if (task.fallback === undefined) return task;
  const { fallback: _fallback, ...rest } = task;
  return rest;
}
