/** Events of one task as decisions write them: on its stream, and a hold with the phase that its release goes back to. */
import { type Refusal, refuse } from "../log/command.ts";
import type { EventData, NewEvent } from "../log/event.ts";
import type { Phase, TaskState } from "../log/state.ts";
import type { HoldCode, HoldId } from "../wire/index.ts";
import { releaseRule } from "./hold-release.ts";

type TaskEvent = Extract<NewEvent, { type: keyof TaskEventMap }>;
type TaskEventMap = { [T in NewEvent["type"]]: EventData<T> };

export function on(task: TaskState, event: Omit<TaskEvent, "stream">): NewEvent {
  return { ...event, stream: `task/${task.task_id}` } as NewEvent;
}

/** Where a released hold goes on: at the phase that was held, or with a new run where the run itself was the trouble. */
export function held(
  task: TaskState,
  hold: { code: HoldCode; detail: string | null; holdId: string; resumesAt: string | null },
): NewEvent {
  const backTo = releaseRule(hold.code) === "new-run" ? "planned" : (task.status as Phase);
  return on(task, {
    type: "TaskHeld",
    data: {
      hold_id: hold.holdId as HoldId,
      code: hold.code,
      detail: hold.detail,
      back_to: backTo,
      resumes_at: hold.resumesAt,
    },
  });
}

export function stale(task: TaskState, what: string): Refusal {
  return refuse("stale", `task ${task.task_id} is ${task.status}: this ${what} is not the one that is owed`);
}
