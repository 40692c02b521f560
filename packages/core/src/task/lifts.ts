/** What a task remembers of the holds that were released: how often probes of their own ended them, and after which its run went on. It decides nothing. */
import type { EventData } from "@aedev/contracts/events";
import type { HoldState, TaskState } from "../model/state.ts";
import { hasOwnProbe } from "./pending-holds.ts";

type Release = { readonly hold: HoldState | null; readonly data: EventData<"HoldReleased"> };

/** The task with none; nearly every task has none. */
export function withoutLifts(task: TaskState): TaskState {
  if (task.lifted === undefined) return task;
  const { lifted: _lifted, ...rest } = task;
  return rest;
}

/** `hold`: what was released. */
export function withRelease(task: TaskState, release: Release): TaskState {
  return withContinued(withLift(task, release), release.data);
}

/** Counts the holds that probes of their own have ended, whatever their code; a person's decision starts over. */
function withLift(task: TaskState, { hold, data }: Release): TaskState {
  if (data.by !== "control") return withoutLifts(task);
  const times = (task.lifted ?? 0) + (hold !== null && hasOwnProbe(hold.code) ? 1 : 0);
  return times === 0 ? withoutLifts(task) : { ...task, lifted: times };
}

/** The last run remembers the hold after which it, or its checks, go on. */
function withContinued(task: TaskState, { hold_id, continues }: EventData<"HoldReleased">): TaskState {
  const last = task.runs.at(-1);
  if (continues !== true || last === undefined) return task;
  const run = { ...last, continued_after: [...(last.continued_after ?? []), hold_id] };
  return { ...task, runs: [...task.runs.slice(0, -1), run] };
}
