/**
 * A run that writes tests from the specification alone, without seeing the change that waits for it (ADR 0044). It begins when a change would merge
 * without a person, and however it ends, that change is checked again; its tests are run then and on every later change of the task. If it has written
 * none, a person is asked. If the change that would merge then was made later, by a run that may have been told these tests, another run writes new
 * ones, once.
 */
import type { IndependentOutcome } from "@aedev/contracts";
import type { EventData } from "@aedev/contracts/events";
import type { CommandOf } from "../model/command.ts";
import type { NewEvent } from "../model/event.ts";
import { runOfChange } from "../model/fallback-change.ts";
import { independentCause, isRoundLeft } from "../model/independent-run.ts";
import { keptChange } from "../model/kept-change.ts";
import type { TaskState } from "../model/state.ts";
import { withoutFallback } from "./run-for-tests.ts";
import { independentTestsEnded, on } from "./task-event.ts";

/** The event instead of a merge; empty: the change merges. The run may have to wait for its start; if that takes too long, a person is asked. */
export function insteadOfMerging(command: CommandOf<"DecideGate">, task: TaskState): NewEvent[] {
  const run = runOfChange(task);
  // It has no run of its own; a person is asked about it.
  if (run === undefined || !command.independent_tests || task.restored !== undefined || !needsTests(task)) return [];
  return [on(task, { type: "IndependentTestsRequested", data: { run_id: run.run_id } })];
}

/** What became of the run that was to write tests for the task's change; undefined: it is still to come. A restored change gets none. */
export function independentOutcome(task: TaskState): IndependentOutcome | undefined {
  const { independent, restored } = task;
  const isSecond = independent !== undefined && !isRoundLeft(independent);
  if (needsTests(task)) return restored && { isSecond, missing: { why: "restored", code: null } };
  if (independent?.missing === undefined) return { isSecond, missing: null };
  const { code } = independent.missing;
  return { isSecond, missing: { why: code === null ? "not-in-time" : "held", code } };
}

/** Whether no run was to write tests for this change, whose coder may have seen those for the change before, and one may still do so. */
function needsTests(task: TaskState): boolean {
  const { independent } = task;
  return independent === undefined || (independent.run_id !== runOfChange(task)?.run_id && isRoundLeft(independent));
}

/** After the run has ended with what it wrote; empty: the captured change is no such run's. */
export function afterCapture(task: TaskState): NewEvent[] {
  return task.set_aside === undefined ? [] : [independentTestsEnded(task, { code: null, detail: null })];
}

/** The task whose change waits for the run. It could merge, so that no change before it is kept any more. */
export function withChangeSetAside(task: TaskState): TaskState {
  const set_aside = { ...keptChange(task), refusals: task.refusals };
  const next = { status: "planned", gate: null, approval: null, landing: null, next_cause: independentCause } as const;
  return { ...withoutFallback(task), ...next, set_aside };
}

/** What was known of the change before: evidence that a landing could inherit has no part in the next decision. */
const unchecked = { manifest: null, evidence: null, verdicts: [] } as const;

/** The task whose change is checked next, with what the run wrote. */
export function withIndependentTests(task: TaskState, { run_id, code }: EventData<"IndependentTestsEnded">): TaskState {
  if (task.set_aside === undefined) return task;
  const run = task.runs.find((one) => one.run_id === run_id);
  // What a stopped run left is no result.
  const { base_commit, patch } = code === null && run?.status === "captured" ? run : {};
  const { written: before = null, rounds: earlier = 0 } = task.independent ?? {};
  const own = withOwnChange(task);
  const about = { rounds: earlier + 1, run_id: runOfChange(own)?.run_id ?? "" };
  const independent =
    base_commit != null && patch != null
      ? { ...about, written: { base_commit, patch } }
      : { ...about, written: before, missing: { code } };
  return { ...own, ...unchecked, status: "captured", hold: null, next_cause: null, independent };
}

/** The task with its own change again, instead of that of the run that writes tests. */
export function withOwnChange(task: TaskState): TaskState {
  const { set_aside, ...rest } = task;
  return set_aside === undefined ? task : { ...rest, ...set_aside };
}

/** The task after its specification has changed, which the tests were not written from. */
export function withoutIndependentTests(task: TaskState): TaskState {
  if (task.independent === undefined) return task;
  const { independent: _tests, ...rest } = task;
  return rest;
}
