/** What the state keeps about the pull request of a task. */
import type { PullRequestWait } from "@aedev/contracts";

/** The pull request of a task, shared by all its runs and landings. */
export interface PullRequestState {
  readonly head_ref: string;
  /** The commits that landings wanted to put on its branch, oldest first. Other commits are not aedev's. */
  readonly commits: readonly string[];
  /** Null until it is known to exist. */
  readonly number: number | null;
  /** Reviews and comments that asked for a change, each taken or refused once; absent: none. */
  readonly reviews?: readonly { readonly id: number; readonly kind: "review" | "comment"; readonly refused: boolean }[];
  readonly url: string | null;
  /** The head that was last seen, and when that was recorded: its checks can't have started earlier. */
  readonly head: { readonly commit: string; readonly at: string } | null;
  readonly waits_for: readonly PullRequestWait[];
  /** The head that a person wants merged although no check has appeared on it. */
  readonly without_checks?: string;
  /** Since when it has waited for anything; null: it does not wait. */
  readonly waits_since: string | null;
  /** True: the merged tree differs from the judged tree. */
  readonly tree_differs: boolean;
  /** What aedev failed to do on the pull request; absent: nothing failed. */
  readonly notes?: readonly string[];
  /** Whom aedev asked for a review; absent: nobody. */
  readonly reviewers?: readonly string[];
  /** The head whose check was taken back, because another change is being made. */
  readonly suspended?: string;
  /** The task ended without landing, and nothing remains to be done at GitHub. */
  readonly withdrawn?: true;
  /** Numbers of pull requests of this branch that aedev closed, oldest first; absent: none. */
  readonly closed?: readonly number[];
}
