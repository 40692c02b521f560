/** What the state keeps about the pull request of a task. */
import type { PullRequestWait } from "@aedev/contracts";

/** The pull request of a task: one for all its runs and landings. */
export interface PullRequestState {
  readonly head_ref: string;
  /** The commits that landings meant to put on its branch, oldest first: others are not aedev's. */
  readonly commits: readonly string[];
  /** Null until it is known to exist. */
  readonly number: number | null;
  /** Reviews and comments that asked for a change and were taken or refused, once each; absent: none. */
  readonly reviews?: readonly { readonly id: number; readonly kind: "review" | "comment"; readonly refused: boolean }[];
  readonly url: string | null;
  /** The head that it was last seen with, and when that was recorded: its checks can't have started before. */
  readonly head: { readonly commit: string; readonly at: string } | null;
  readonly waits_for: readonly PullRequestWait[];
  /** The head that a person wants merged although no check has appeared on it. */
  readonly without_checks?: string;
  /** Since when it waits for anything, whatever that is; null: it does not wait. */
  readonly waits_since: string | null;
  /** It was merged with another tree than the judged one. */
  readonly tree_differs: boolean;
  /** What aedev could not do about it; absent: nothing failed. */
  readonly notes?: readonly string[];
  /** Whom aedev asked for a review; absent: nobody. */
  readonly reviewers?: readonly string[];
  /** The head whose check was taken back, because another change is being made. */
  readonly suspended?: string;
  /** The task ended without landing, and nothing of it is left open at GitHub. */
  readonly withdrawn?: true;
  /** Numbers of pull requests of this branch that aedev closed, oldest first; absent: none. */
  readonly closed?: readonly number[];
}
