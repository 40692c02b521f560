/** Creates the events of one task: on its stream, and a hold with the phase that its release returns to. */

import type { HoldCode, HoldId } from "@aedev/contracts";
import type { EventData, Phase } from "@aedev/contracts/events";
import { type Refusal, refuse } from "../model/command.ts";
import type { NewEvent } from "../model/event.ts";
import type { TaskState } from "../model/state.ts";
import { type ReleaseRule, releaseRule } from "./hold-release.ts";
import { hasOwnProbe } from "./pending-holds.ts";

type TaskEvent = Extract<NewEvent, { type: keyof TaskEventMap }>;
type TaskEventMap = { [T in NewEvent["type"]]: EventData<T> };

export function on(task: TaskState, event: Omit<TaskEvent, "stream">): NewEvent {
  return { ...event, stream: `task/${task.task_id}` } as NewEvent;
}

/** How often probes may end holds of a task without a new change, so that what fails again at once is not repeated for ever. */
const liftsMax = 5;

/**
 * A released hold continues at the phase that was held, at the gate if what is allowed has changed, or with a new run if the run itself was the
 * problem. A change that waits for judges keeps its run: only asking them was too dear.
 */
export function held(
  task: TaskState,
  hold: { code: HoldCode; detail: string | null; holdId: string; resumesAt: string | null },
): NewEvent {
  const stays = hasOwnProbe(hold.code) && (task.lifted ?? 0) >= liftsMax;
  const phases: Partial<Record<ReleaseRule, Phase>> = { "new-run": "planned", gate: "judged" };
  const isUnjudged = hold.code === "HOLD-BUDGET" && task.status === "judging";
  const backTo = isUnjudged ? "judging" : (phases[releaseRule(hold.code)] ?? (task.status as Phase));
  return on(task, {
    type: "TaskHeld",
    data: {
      hold_id: hold.holdId as HoldId,
      code: hold.code,
      detail: hold.detail,
      back_to: backTo,
      resumes_at: hold.resumesAt,
      ...(stays ? { stays } : {}),
    },
  });
}

export function stale(task: TaskState, what: string): Refusal {
  return refuse("stale", `task ${task.task_id} is ${task.status}: this ${what} is out of date`);
}
