/** A run that writes tests from the specification alone, and the change that waits for it (ADR 0044). */
import type { Blob, HoldCode } from "@aedev/contracts";
import type { RunCause } from "@aedev/contracts/api";
import type { KeptChange } from "./kept-change.ts";
import type { TaskState } from "./state.ts";

/** The cause of such a run. */
export const independentCause = "independent-tests" satisfies RunCause;

/** A change that could merge, with its evidence. It is checked again once the run for independent tests has ended. */
export type SetAsideChange = KeptChange & Pick<TaskState, "refusals">;

/** The results of the task's runs for independent tests. */
export interface IndependentRun {
  /** The change of the latest run that wrote tests; null if no run wrote any. */
  readonly written: { readonly base_commit: string; readonly patch: Blob } | null;
  readonly rounds: number;
  /** The run whose change the last such run was for. */
  readonly run_id: string;
  /** Why the last such run wrote nothing: the code of its hold; null: the run did not start or continue within an hour. Absent: it wrote tests. */
  readonly missing?: { readonly code: HoldCode | null };
}

/** The most such runs for one specification. */
const roundsMax = 2;

/** Whether another run may still write tests, which no coder has been told. */
export function isRoundLeft({ rounds }: IndependentRun): boolean {
  return rounds < roundsMax;
}
