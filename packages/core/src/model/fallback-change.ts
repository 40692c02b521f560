/** Which of a task's changes the task is about: the last one, or the one before a run that was only to add tests (ADR 0043). */
import type { Reason, RunId } from "@aedev/contracts";
import type { EventData } from "@aedev/contracts/events";
import { independentCause } from "./independent-run.ts";
import type { KeptChange } from "./kept-change.ts";
import type { RunState } from "./run-state.ts";
import type { TaskState } from "./state.ts";

/** The change that a person is asked about if the run that adds tests to it does not help. */
export type FallbackChange = KeptChange & {
  readonly gate: TaskState["gate"];
  /** Repairs that were used before the run that adds tests. */
  readonly repairs: number;
  readonly run_id: RunId;
  readonly missing_tests: string;
};

/** The earlier change, of `run_id`, that waits for a person again. `bundle_digest`: its evidence. `cause` and `code`: the outcome of the run that was to add tests. */
export type RestoredChange = Pick<EventData<"ChangeRestored">, "run_id" | "cause" | "code"> & {
  readonly bundle_digest: string | null;
};

/** The run whose change the task is about: the last run that makes a change, or the earlier run whose change was restored. While a run writes independent tests, it is that run. */
export function runOfChange({
  runs,
  restored,
  set_aside,
}: Pick<TaskState, "runs" | "restored" | "set_aside">): RunState | undefined {
  if (restored !== undefined) return runs.find(({ run_id }) => run_id === restored.run_id);
  return set_aside === undefined ? runs.findLast(({ cause }) => cause !== independentCause) : runs.at(-1);
}

/** The reasons for asking a person: the outcome of a run for tests, if there was such a run, then the gate's reasons. */
export function reasonsToAsk({
  gate,
  fallback,
  restored,
}: Pick<TaskState, "gate" | "fallback" | "restored">): readonly Reason[] {
  const { reasons = [], answer } = gate ?? {};
  if (restored !== undefined)
    return gate === null ? [] : [{ kind: "run-for-tests", cause: restored.cause, code: restored.code }, ...reasons];
  if (fallback === undefined || answer !== "ask") return reasons;
  return [{ kind: "run-for-tests", cause: "not-enough", code: null }, ...reasons];
}

/** The bundle whose canaries are kept; null: there is none. The canaries of a restored change were dropped when the run after it started. */
export function accompaniedBundle({ evidence, restored }: Pick<TaskState, "evidence" | "restored">): string | null {
  const digest = evidence?.bundle.digest ?? null;
  return digest === restored?.bundle_digest ? null : digest;
}
