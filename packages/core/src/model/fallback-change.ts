/** Which of a task's changes it is about: the last one, or the one before a run that was only to add tests (ADR 0043). */
import type { RunId } from "@aedev/contracts";
import type { RunState } from "./run-state.ts";
import type { TaskState } from "./state.ts";

/** A change that a person would be asked about if the run that adds tests to it came to nothing. */
export type FallbackChange = Pick<
  TaskState,
  | "base_commit"
  | "environment"
  | "evidence"
  | "gate"
  | "manifest"
  | "patch"
  | "policy"
  | "profile"
  | "ref"
  | "risk_acknowledged"
  | "settings"
  | "tree"
  | "verdicts"
> & { readonly run_id: RunId };

/** The run whose change the task is about: the last one, or an earlier one whose change was restored. */
export function runOfChange({ runs, restored }: Pick<TaskState, "runs" | "restored">): RunState | undefined {
  return restored === undefined ? runs.at(-1) : runs.find(({ run_id }) => run_id === restored);
}
