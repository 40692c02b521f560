/** One run of a coder, folded from the log. */
import type { Blob, CaptureNotes, Continuation, RunId, Stuck, Usage } from "@aedev/contracts";
import type { RunCause, RunDetails } from "@aedev/contracts/api";

/** One run of a coder, from its start to its outcome. */
export interface RunState {
  readonly run_id: RunId;
  readonly attempt: number;
  readonly base_commit: string;
  /** Null: control made the change, and no coder ran. */
  readonly prompt: Blob | null;
  readonly status: RunDetails["status"];
  readonly usage: Usage;
  readonly journal: Blob | null;
  readonly transcript: Blob | null;
  readonly patch: Blob | null;
  readonly tree: string | null;
  /** The coder's conversation so far, if it waits for a usage limit; absent: none was kept. */
  readonly session?: Blob;
  readonly started_at: string;
  /** A usage limit ended it, and the next run could start at once with another coder token; absent: it did not. */
  readonly switched?: true;
  /** Released holds after which the run or its checks continued, so that a repeated report of such a hold is recognized. Absent: none. */
  readonly continued_after?: readonly string[];
  /** Why the run was considered stuck; absent: it did not end because it was stuck. */
  readonly stuck?: Stuck;
  /** What the capture of its change put back or left out; absent: nothing. */
  readonly capture_notes?: CaptureNotes;
  /** Why this run was started; null: it is the first run, or a person retried the task. */
  readonly cause: RunCause | null;
  /** The earlier change that this run's prompt describes; null if there is none. */
  readonly basis: RunBasis | null;
  /** What it started from after an interrupted run; absent: it started fresh. */
  readonly continues?: Continuation;
  /** How many of the task's messages to its coder its prompt has; absent: none. */
  readonly told?: number;
  /** It ended before it read what a person said last, so that the next run continues its change; absent: it read everything. */
  readonly missed?: true;
  /** How it ended: the gate's decision with its code, or the hold that stopped it; null while it is under way. */
  readonly outcome: RunDetails["outcome"];
}

/** What a next run learns about the earlier change: its sealed bundle, the answers of judges that failed it, and why it did not apply to a moved base. */
export interface RunBasis {
  readonly bundle: Blob;
  readonly failed_answers: readonly Blob[];
  readonly conflict: string | null;
}
