/**
 * A run that writes tests from the specification alone, without seeing the change that waits for it (ADR 0044). It starts when a change would merge
 * without a person. However it ends, that change is checked again; its tests run then and on every later change of the task. If it wrote none, a person
 * is asked. If a later run, which may have been told these tests, made the change that would merge, another run writes new tests, once.
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
  // The change has no run of its own, so a person is asked about it.
  if (run === undefined || !command.independent_tests || task.restored !== undefined || !needsTests(task)) return [];
  return [on(task, { type: "IndependentTestsRequested", data: { run_id: run.run_id } })];
}

/** The outcome of the run that was to write tests for the task's change; undefined: it is still to come. A restored change, or one without a run of its own, gets no such run. */
export function independentOutcome(task: TaskState): IndependentOutcome | undefined {
  const { independent, restored } = task;
  const isSecond = independent !== undefined && !isRoundLeft(independent);
  const isExcluded = restored !== undefined || runOfChange(task) === undefined;
  if (needsTests(task)) return isExcluded ? { isSecond, missing: { why: "restored", code: null } } : undefined;
  if (independent?.missing === undefined) return { isSecond, missing: null };
  const { code } = independent.missing;
  return { isSecond, missing: { why: code === null ? "not-in-time" : "held", code } };
}

/** Whether tests must still be written for the change: there are none, or they were written for an earlier change, so that its coder may have seen them, and a round is left. */
function needsTests(task: TaskState): boolean {
  const { independent } = task;
  return independent === undefined || (independent.run_id !== runOfChange(task)?.run_id && isRoundLeft(independent));
}

/** The events after a run for independent tests was captured; empty: the captured change is not from such a run. */
export function afterCapture(task: TaskState): NewEvent[] {
  return task.set_aside === undefined ? [] : [independentTestsEnded(task, { code: null, detail: null })];
}

/** The task whose change waits for the run. The change could merge, so no earlier change is kept any more. */
export function withChangeSetAside(task: TaskState): TaskState {
  const set_aside = { ...keptChange(task), refusals: task.refusals };
  const next = { status: "planned", gate: null, approval: null, landing: null, next_cause: independentCause } as const;
  return { ...withoutFallback(task), ...next, set_aside };
}

/** Clears the evidence of the earlier checks: the next decision must not use evidence that a landing could inherit. */
const unchecked = { manifest: null, evidence: null, verdicts: [] } as const;

/** The task whose change is checked next, with the results of the run. */
export function withIndependentTests(task: TaskState, { run_id, code }: EventData<"IndependentTestsEnded">): TaskState {
  if (task.set_aside === undefined) return task;
  const run = task.runs.find((one) => one.run_id === run_id);
  // The work of a stopped run does not count as a result.
  const { base_commit, patch } = code === null && run?.status === "captured" ? run : {};
  const { written: before = null, rounds: earlier = 0 } = task.independent ?? {};
  const own = withOwnChange(task);
  const base = { rounds: earlier + 1, run_id: runOfChange(own)?.run_id ?? "" };
  const independent =
    base_commit != null && patch != null
      ? { ...base, written: { base_commit, patch } }
      : { ...base, written: before, missing: { code } };
  return { ...own, ...unchecked, status: "captured", hold: null, next_cause: null, independent };
}

/** The task with its own change again, instead of that of the run that writes tests. */
export function withOwnChange(task: TaskState): TaskState {
  const { set_aside, ...rest } = task;
  return set_aside === undefined ? task : { ...rest, ...set_aside };
}

/** The task after a change of its specification: tests written from the old one no longer count. */
export function withoutIndependentTests(task: TaskState): TaskState {
  if (task.independent === undefined) return task;
  const { independent: _tests, ...rest } = task;
  return rest;
}
