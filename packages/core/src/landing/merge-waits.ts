/** What a landing through a pull request waits for, and the pull request as clients show it. */
import { branchName, pullRequestWaitText } from "@aedev/contracts";
import type { TaskDetails } from "@aedev/contracts/api";
import type { State, TaskState } from "../model/state.ts";
import { openEnds } from "./upkeep.ts";

/** Whether a landing is open and its pull request waits for checks or people. */
export function isWaitingForMerge({ status, landing, pull_request }: TaskState): boolean {
  return status === "landing" && landing?.head_ref !== undefined && (pull_request?.waits_for.length ?? 0) > 0;
}

/** What the pull request waits for, one line each. */
export function mergeWaits({ pull_request }: Pick<TaskState, "pull_request">): string[] {
  if (pull_request === undefined) return [];
  const { number, waits_for } = pull_request;
  return waits_for.map((wait) => `pull request #${number} waits for ${pullRequestWaitText(wait)}`);
}

/** The pull request as clients show it. */
export function pullRequestDocument(state: Pick<State, "repositories">, task: TaskState): TaskDetails["pull_request"] {
  const { pull_request } = task;
  if (pull_request === undefined) return null;
  const { head_ref, number, url, waits_for, waits_since, tree_differs, notes = [], reviewers = [] } = pull_request;
  return {
    branch: branchName(head_ref),
    number,
    url,
    waits_for: waits_for.map(pullRequestWaitText),
    waits_since,
    tree_differs,
    notes: [...notes],
    reviewers: [...reviewers],
    open_ends: openEnds(state, task),
  };
}
