/** A run that writes tests from the specification alone, and the change that waits for it (ADR 0044). */
import type { Blob, HoldCode, RunId } from "@aedev/contracts";
import type { RunCause } from "@aedev/contracts/api";
import type { TaskState } from "./state.ts";

/** The cause of such a run. */
export const independentCause = "independent-tests" satisfies RunCause;

/** A captured change that is checked once that run has ended. */
export type SetAsideChange = Pick<
  TaskState,
  "base_commit" | "environment" | "patch" | "policy" | "profile" | "ref" | "refusals" | "settings" | "tree"
>;

/** How that run ended. `base_commit` and `patch`: of what it wrote; null if it wrote nothing. `code`: the hold that ended it; null: none did. */
export interface IndependentRun {
  readonly run_id: RunId | null;
  readonly base_commit: string | null;
  readonly patch: Blob | null;
  readonly code: HoldCode | null;
}
