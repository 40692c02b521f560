/** A run that writes tests from the specification alone, and the change that waits for it (ADR 0044). */
import type { Blob, HoldCode } from "@aedev/contracts";
import type { RunCause } from "@aedev/contracts/api";
import type { KeptChange } from "./kept-change.ts";
import type { TaskState } from "./state.ts";

/** The cause of such a run. */
export const independentCause = "independent-tests" satisfies RunCause;

/** A change that could merge, and is checked again once that run has ended, with the evidence that it had. */
export type SetAsideChange = KeptChange & Pick<TaskState, "refusals">;

/** What such runs have written. */
export interface IndependentRun {
  /** The change of the latest run that wrote any; null if no run has. */
  readonly written: { readonly base_commit: string; readonly patch: Blob } | null;
  /** How many there were. */
  readonly rounds: number;
  /** The run whose change the last one was for. */
  readonly run_id: string;
  /** Why the last one wrote nothing: the code of its hold; null: nothing started or continued it within an hour. Absent: it wrote something. */
  readonly missing?: { readonly code: HoldCode | null };
}

/** The most such runs for one specification. */
const roundsMax = 2;

/** Whether another one may still write tests, which no coder has been told. */
export function isRoundLeft({ rounds }: IndependentRun): boolean {
  return rounds < roundsMax;
}
