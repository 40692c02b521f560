/** Creates the events of one task on its stream, and a hold with the phase that its release returns to. */

import { type BrokenTests, counted, type HoldCode, type HoldId } from "@aedev/contracts";
import type { EventData, Phase } from "@aedev/contracts/events";
import { type Refusal, refuse } from "../model/command.ts";
import type { NewEvent } from "../model/event.ts";
import type { FallbackChange } from "../model/fallback-change.ts";
import { independentCause } from "../model/independent-run.ts";
import type { TaskState } from "../model/state.ts";
import { type ReleaseRule, releaseRule } from "./hold-release.ts";
import { tooManyLifts } from "./lifts.ts";

type TaskEvent = Extract<NewEvent, { type: keyof TaskEventMap }>;
type TaskEventMap = { [T in NewEvent["type"]]: EventData<T> };

export function on(task: TaskState, event: Omit<TaskEvent, "stream">): NewEvent {
  return { ...event, stream: `task/${task.task_id}` } as NewEvent;
}

const detailCharactersMax = 500;

/** A person stopped all work. A run for tests is held like any other run, and resumes with the rest. */
const stopCode: HoldCode = "HOLD-STOPPED";

/**
 * Returns the event that holds a task. Three cases differ. If the task has a run for tests, the event restores the earlier change, which then waits for
 * approval (ADR 0043), unless the run resumes without a person: after a stop of all work or, by `resumesNow`, with another token. If the task has a run
 * for independent tests, the change that could merge is checked again, except after a stop of all work (ADR 0044). Otherwise a released hold continues
 * at the phase that was held; at the gate if the permissions have changed; or with a new run if the run itself was the problem. A change that was held
 * for a budget while it waited for judges keeps its run.
 */
export function holdEvent(
  task: TaskState,
  hold: {
    code: HoldCode;
    detail: string | null;
    holdId: string;
    resumesAt: string | null;
    resumesNow?: boolean;
    withoutChecks?: string;
    tests?: BrokenTests;
  },
): NewEvent {
  const { code } = hold;
  const resumesAlone = code === stopCode || hold.resumesNow === true;
  if (task.fallback !== undefined && !resumesAlone) {
    const detail = code === "HOLD-QUESTION" ? null : hold.detail;
    return changeRestored(task, task.fallback, { cause: "held", code, detail });
  }
  if (task.set_aside !== undefined && code !== stopCode) {
    const detail = code === "HOLD-QUESTION" ? null : hold.detail;
    return independentTestsEnded(task, { code, detail });
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
      ...(hold.withoutChecks === undefined ? {} : { without_checks: hold.withoutChecks }),
      ...(hold.tests === undefined ? {} : { tests: hold.tests }),
    },
  });
}

/** The event that makes the change before a run for tests wait for approval. */
export function changeRestored(
  task: TaskState,
  { run_id }: FallbackChange,
  why: Pick<EventData<"ChangeRestored">, "cause" | "code" | "detail">,
): NewEvent {
  return on(task, { type: "ChangeRestored", data: { run_id, ...why } });
}

/** The event after which the change that was set aside is checked again. */
export function independentTestsEnded(
  task: TaskState,
  why: Pick<EventData<"IndependentTestsEnded">, "code" | "detail">,
): NewEvent {
  const last = task.runs.at(-1);
  const run_id = last?.cause === independentCause ? last.run_id : null;
  return on(task, { type: "IndependentTestsEnded", data: { run_id, ...why } });
}

/** The detail, followed by why the hold waits for a person. */
function detailWith(detail: string | null, lifts: number): string {
  const why = `a probe has ended such a hold ${counted(lifts, "time")} without progress`;
  return detail === null ? why : `${detail.slice(0, detailCharactersMax - why.length - 2).toWellFormed()}; ${why}`;
}

export function staleRefusal(task: TaskState, what: string): Refusal {
  return refuse("stale", `task ${task.task_id} is ${task.status}: this ${what} is out of date`);
}
