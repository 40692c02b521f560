/**
 * A run that writes tests from the specification alone, without seeing the change that waits for it (ADR 0044). It begins once a change is captured, once for
 * each specification, and its tests are run on every later change of the task. However it ends, the change is checked next.
 */
import type { RunId } from "@aedev/contracts";
import type { EventData } from "@aedev/contracts/events";
import type { CommandOf } from "../model/command.ts";
import type { NewEvent } from "../model/event.ts";
import { independentCause } from "../model/independent-run.ts";
import type { State, TaskState } from "../model/state.ts";
import { mayStart, waitsForCoder } from "../schedule/fair-order.ts";
import { independentTestsEnded, on } from "./task-event.ts";

/** The events after a change was captured; empty: its checks follow. */
export function afterCapture(command: CommandOf<"RecordCoderResult">, task: TaskState, state: State): NewEvent[] {
  if (task.set_aside !== undefined) return [independentTestsEnded(task, { code: null, detail: null })];
  if (command.independent_tests !== true || !mayWriteTests(task, state)) return [];
  return [on(task, { type: "IndependentTestsRequested", data: { run_id: command.run_id as RunId } })];
}

/** Whether the run would be the first for this specification and could start now. A change that a run for tests made is compared with the tests that are there. */
function mayWriteTests(task: TaskState, state: State): boolean {
  const isFirst = task.independent === undefined && task.fallback === undefined;
  return isFirst && mayStart(state, task) && !waitsForCoder(state, task);
}

/** The task whose captured change waits for the run. */
export function withTestsWritten(task: TaskState): TaskState {
  const { base_commit, environment, patch, policy, profile, ref, refusals, settings, tree } = task;
  const set_aside = { base_commit, environment, patch, policy, profile, ref, refusals, settings, tree };
  return { ...task, status: "planned", next_cause: independentCause, set_aside };
}

/** The task whose change is checked next, with what the run wrote. */
export function withIndependentTests(task: TaskState, { run_id, code }: EventData<"IndependentTestsEnded">): TaskState {
  const { set_aside, ...rest } = task;
  if (set_aside === undefined) return task;
  const run = task.runs.find((one) => one.run_id === run_id);
  // What a stopped run left is no result.
  const { base_commit = null, patch = null } = code === null && run?.status === "captured" ? run : {};
  const independent = { run_id, base_commit, patch, code };
  return { ...rest, ...set_aside, status: "captured", hold: null, next_cause: null, independent };
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
