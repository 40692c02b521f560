/** Creates the events of one task: on its stream, and a hold with the phase that its release returns to. */

import { counted, type HoldCode, type HoldId } from "@aedev/contracts";
import type { EventData, Phase } from "@aedev/contracts/events";
import { type Refusal, refuse } from "../model/command.ts";
import type { NewEvent } from "../model/event.ts";
import type { TaskState } from "../model/state.ts";
import { type ReleaseRule, releaseRule } from "./hold-release.ts";
import { tooManyLifts } from "./lifts.ts";

type TaskEvent = Extract<NewEvent, { type: keyof TaskEventMap }>;
type TaskEventMap = { [T in NewEvent["type"]]: EventData<T> };

export function on(task: TaskState, event: Omit<TaskEvent, "stream">): NewEvent {
  return { ...event, stream: `task/${task.task_id}` } as NewEvent;
}

const detailCharactersMax = 500;

/** After a person stopped all work, a run that adds tests goes on as any other does. */
const stopped: HoldCode = "HOLD-STOPPED";

/**
 * The event that holds a task, or, if its run only had to add tests, the one that makes its earlier change wait for approval instead. A released hold continues at the phase that was held, at the gate if what is allowed has changed, or with a new run if the run itself was the
 * problem. A change that waits for judges keeps its run: only asking them was too dear.
 */
export function held(
  task: TaskState,
  hold: { code: HoldCode; detail: string | null; holdId: string; resumesAt: string | null },
): NewEvent {
  const { code } = hold;
  if (task.fallback !== undefined && code !== stopped) {
    const detail = code === "HOLD-QUESTION" ? null : hold.detail;
    return on(task, { type: "ChangeRestored", data: { run_id: task.fallback.run_id, cause: "held", code, detail } });
  }
  const lifts = tooManyLifts(task, hold.code);
  const phases: Partial<Record<ReleaseRule, Phase>> = { "new-run": "planned", gate: "judged" };
  const isUnjudged = hold.code === "HOLD-BUDGET" && task.status === "judging";
  const backTo = isUnjudged ? "judging" : (phases[releaseRule(hold.code)] ?? (task.status as Phase));
  return on(task, {
    type: "TaskHeld",
    data: {
      hold_id: hold.holdId as HoldId,
      code: hold.code,
      detail: lifts === null ? hold.detail : detailWith(hold.detail, lifts),
      back_to: backTo,
      resumes_at: hold.resumesAt,
      ...(lifts === null ? {} : { stays: true }),
    },
  });
}

/** Why the hold waits for a person, after what it is about. */
function detailWith(detail: string | null, lifts: number): string {
  const why = `a probe has ended such a hold ${counted(lifts, "time")} without progress`;
  return detail === null ? why : `${detail.slice(0, detailCharactersMax - why.length - 2).toWellFormed()}; ${why}`;
}

export function stale(task: TaskState, what: string): Refusal {
  return refuse("stale", `task ${task.task_id} is ${task.status}: this ${what} is out of date`);
}
