/** Builds the task document of `task show` and the API. It never contains the coder's own text. */
import { captureNoteLines, type LandingPlace, reasonText } from "@aedev/contracts";
import type { RunCause, TaskDetails } from "@aedev/contracts/api";
import { pullRequestDocument } from "../landing/merge-waits.ts";
import { reasonsToAsk } from "../model/fallback-change.ts";
import { independentCause } from "../model/independent-run.ts";
import type { State, TaskState } from "../model/state.ts";
import { taskDocument } from "./mission-document.ts";
import { openHolds } from "./status-summary.ts";

/** The task's document with its mission, verdicts, risk shares, hold and runs. `lands`: undefined if not known. */
export function taskDetails(state: State, task: TaskState, lands?: LandingPlace): TaskDetails {
  return {
    mission_id: task.mission_id,
    repository: task.repository,
    ...taskDocument(task),
    spec_digest: task.specification.digest,
    base_commit: task.base_commit,
    phase: task.status,
    verdicts: task.verdicts.map(({ family, model, verdict, detail, views, tries, reused_from = null }) => ({
      family,
      model,
      verdict,
      detail,
      views,
      ...(tries === undefined ? {} : { tries: [...tries] }),
      reused_from,
    })),
    reasons: reasonsToAsk(task).map((reason) => reasonText(reason)),
    shares: task.gate?.shares ?? [],
    hold: openHolds(state).find((hold) => hold.task_id === task.task_id) ?? null,
    ...(lands === undefined || endsWithout(task) ? {} : { lands }),
    pull_request: pullRequestDocument(state, task),
    ...(task.fallback === undefined || task.gate !== null ? {} : { missing_tests: task.fallback.missing_tests }),
    draft_skipped: skippedDraft(task),
    ...(task.decisions === undefined ? {} : { decisions: [...task.decisions] }),
    ...captureNotes(task),
    run_details: task.runs.map(({ run_id, attempt, status, base_commit, tree, usage, cause, outcome }) => ({
      run_id,
      attempt,
      status: status === "running" && isOver(task, cause) ? "ended" : status,
      base_commit,
      tree,
      usage,
      cause,
      outcome,
    })),
  };
}

function endsWithout({ status }: TaskState): boolean {
  return status === "cancelled" || status === "rejected";
}

/** Whether the run is over although it never reported its end: its task was cancelled, or is about an earlier change again. */
function isOver({ status, restored, set_aside }: TaskState, cause: RunCause | null): boolean {
  return status === "cancelled" || restored !== undefined || (cause === independentCause && set_aside === undefined);
}

function captureNotes({ runs }: TaskState): Pick<TaskDetails, "capture_notes"> {
  const lines = captureNoteLines(runs.at(-1)?.capture_notes, (path) => path);
  return lines.length === 0 ? {} : { capture_notes: lines };
}

function skippedDraft({ draft_skipped, evidence }: TaskState): string | null {
  return draft_skipped !== undefined && draft_skipped.change_digest === evidence?.change_digest
    ? draft_skipped.why
    : null;
}
