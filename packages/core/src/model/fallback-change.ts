/** Which of a task's changes it is about: the last one, or the one before a run that was only to add tests (ADR 0043). */
import type { HoldCode, Reason, RunId } from "@aedev/contracts";
import type { RunState } from "./run-state.ts";
import type { TaskState } from "./state.ts";

/** A change that a person would be asked about if the run that adds tests to it came to nothing. */
export type FallbackChange = Pick<
  TaskState,
  | "base_commit"
  | "environment"
  | "evidence"
  | "gate"
  | "landings"
  | "manifest"
  | "patch"
  | "policy"
  | "profile"
  | "ref"
  | "repairs"
  | "settings"
  | "tree"
  | "verdicts"
> & { readonly run_id: RunId };

/** The change of `run_id` waits for a person again. `bundle_digest`: its evidence; `code` and `detail`: what came of the run that was to add tests. */
export interface RestoredChange {
  readonly run_id: RunId;
  readonly bundle_digest: string | null;
  readonly code: HoldCode | null;
  readonly detail: string | null;
}

/** The run whose change the task is about: the last one, or an earlier one whose change was restored. */
export function runOfChange({ runs, restored }: Pick<TaskState, "runs" | "restored">): RunState | undefined {
  return restored === undefined ? runs.at(-1) : runs.find(({ run_id }) => run_id === restored.run_id);
}

/** Why a person is asked: the gate's reasons, and what came of a run that was to add tests. */
export function reasonsToAsk({ gate, restored }: Pick<TaskState, "gate" | "restored">): readonly Reason[] {
  if (gate === null || restored === undefined) return gate?.reasons ?? [];
  return [{ kind: "run-for-tests", code: restored.code, detail: restored.detail ?? "" }, ...gate.reasons];
}

/** The bundle whose planted ones stay with it; null: there is none. Those of a change that was restored went when the run after it started. */
export function accompaniedBundle({ evidence, restored }: Pick<TaskState, "evidence" | "restored">): string | null {
  const digest = evidence?.bundle.digest ?? null;
  return digest === restored?.bundle_digest ? null : digest;
}
