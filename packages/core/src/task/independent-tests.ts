/**
 * A run that writes tests from the specification alone, without seeing the change that waits for it (ADR 0044). It begins when a change would merge
 * without a person, and however it ends, that change is checked again; its tests are run then and on every later change of the task. If the change that
 * would merge then was made later, by a run that may have been told these tests, another run writes new ones, once.
 */
import type { EventData } from "@aedev/contracts/events";
import type { CommandOf } from "../model/command.ts";
import type { NewEvent } from "../model/event.ts";
import { runOfChange } from "../model/fallback-change.ts";
import { independentCause, isRoundLeft } from "../model/independent-run.ts";
import type { State, TaskState } from "../model/state.ts";
import { mayStart, waitsForCoder } from "../schedule/fair-order.ts";
import { withoutFallback } from "./run-for-tests.ts";
import { independentTestsEnded, on } from "./task-event.ts";

/** The event instead of a merge; empty: the change merges. */
export function insteadOfMerging(command: CommandOf<"DecideGate">, task: TaskState, state: State): NewEvent[] {
  const run = runOfChange(task);
  if (run === undefined || !command.independent_tests || command.waits_for_window || !mayWriteTests(task, state))
    return [];
  return [on(task, { type: "IndependentTestsRequested", data: { run_id: run.run_id } })];
}

/** Whether the change has passed no tests that its coder can't have seen, and a run could start now. What a person decided about a restored change stands. */
function mayWriteTests(task: TaskState, state: State): boolean {
  return task.restored === undefined && isUnseen(task) && mayStart(state, task) && !waitsForCoder(state, task);
}

function isUnseen(task: TaskState): boolean {
  const { independent, runs } = task;
  if (independent === undefined) return true;
  const made = runs.findIndex(({ run_id }) => run_id === runOfChange(task)?.run_id);
  const isNewer = made > runs.findLastIndex(({ cause }) => cause === independentCause);
  return isNewer && independent.written !== null && isRoundLeft(independent);
}

/** After the run has ended with what it wrote; empty: the captured change is no such run's. */
export function afterCapture(task: TaskState): NewEvent[] {
  return task.set_aside === undefined ? [] : [independentTestsEnded(task, { code: null, detail: null })];
}

/** The task whose change waits for the run. It could merge, so that no change before it is kept any more. */
export function withChangeSetAside(task: TaskState): TaskState {
  const { base_commit, environment, landings, patch, policy, profile, ref, refusals, settings, tree } = task;
  const set_aside = { base_commit, environment, landings, patch, policy, profile, ref, refusals, settings, tree };
  return { ...withoutFallback(task), status: "planned", next_cause: independentCause, set_aside };
}

/** What was known of the change before: evidence that a landing could inherit has no part in the next decision. */
const unchecked = { manifest: null, evidence: null, verdicts: [] } as const;

/** The task whose change is checked next, with what the run wrote. */
export function withIndependentTests(task: TaskState, { run_id, code }: EventData<"IndependentTestsEnded">): TaskState {
  const { set_aside, ...rest } = task;
  if (set_aside === undefined) return task;
  const run = task.runs.find((one) => one.run_id === run_id);
  // What a stopped run left is no result.
  const { base_commit, patch } = code === null && run?.status === "captured" ? run : {};
  const { written = null, rounds = 0 } = task.independent ?? {};
  const independent = {
    written: base_commit != null && patch != null ? { base_commit, patch } : written,
    rounds: rounds + 1,
  };
  return { ...rest, ...set_aside, ...unchecked, status: "captured", hold: null, next_cause: null, independent };
}

/** The task without the change that was set aside: a person's decision replaces it. */
export function withoutSetAside(task: TaskState): TaskState {
  if (task.set_aside === undefined) return task;
  const { set_aside: _change, ...rest } = task;
  return rest;
}

/** The task after its specification has changed, which the tests were not written from. */
export function withoutIndependentTests(task: TaskState): TaskState {
  if (task.independent === undefined) return task;
  const { independent: _tests, ...rest } = task;
  return rest;
}
