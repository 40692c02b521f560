/** A task as `task show` and the API show it: more than a mission's document, never the coder's words. */
import type { State, TaskState } from "../log/state.ts";
import { taskDocument } from "./mission-document.ts";
import { openHolds } from "./status-summary.ts";

export type TaskDetails = ReturnType<typeof taskDetails>;

/** What `task show` shows: the task of a mission's document with its mission, verdicts, the gate's shares, hold and runs. */
export function taskDetails(state: State, task: TaskState) {
  return {
    mission_id: task.mission_id,
    repository: task.repository,
    ...taskDocument(task),
    spec_digest: task.specification.digest,
    base_commit: task.base_commit,
    phase: task.status,
    verdicts: task.verdicts.map(({ family, model, verdict, detail, views, reused_from = null }) => ({
      family,
      model,
      verdict,
      detail,
      views,
      /** Bundle under which this was answered, where the same change was judged before; null: asked about this one. */
      reused_from,
    })),
    reasons: task.gate?.reasons ?? [],
    shares: task.gate?.shares ?? [],
    hold: openHolds(state).find((hold) => hold.task_id === task.task_id) ?? null,
    /** What each run tried, oldest first: why it began and what it came to. */
    run_details: task.runs.map(({ run_id, attempt, status, base_commit, tree, usage, cause, outcome }) => ({
      run_id,
      attempt,
      // A run that was cut short by a cancellation never reported.
      status: task.status === "cancelled" && status === "running" ? ("ended" as const) : status,
      base_commit,
      tree,
      usage,
      cause,
      outcome,
    })),
  };
}
