/** How often probes of their own have ended a task's holds. It decides nothing. */
import type { HoldState, TaskState } from "../model/state.ts";
import { hasOwnProbe } from "./pending-holds.ts";

/** The task with none; nearly every task has none. */
export function withoutLifts(task: TaskState): TaskState {
  if (task.lifted === undefined) return task;
  const { lifted: _lifted, ...rest } = task;
  return rest;
}

/** Counts the holds that probes of their own have ended, whatever their code; a person's decision starts over. */
export function withLift(task: TaskState, { hold, by }: { hold: HoldState | null; by: string }): TaskState {
  if (by !== "control") return withoutLifts(task);
  const times = (task.lifted ?? 0) + (hold !== null && hasOwnProbe(hold.code) ? 1 : 0);
  return times === 0 ? withoutLifts(task) : { ...task, lifted: times };
}
