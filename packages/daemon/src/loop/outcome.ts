/**
 * Handles the end of a try: its result is recorded, or the work is paused, or its row says what follows. Only here do faults become holds, so that recovery,
 * retry and normal work share one path.
 */
import { Fault, type HoldCode, holdOf } from "@aedev/contracts";
import type { Command, CommandBody, TaskWork, Work } from "@aedev/core";
import { makeCommand, newId } from "../control/control.ts";
import { pauseMsMax, workKinds } from "../control/work-kinds.ts";
import { complain } from "../logging/complain.ts";
import { PlaneEnded } from "../planes/plane.ts";
import type { AttemptBook } from "./attempts.ts";

/** How often a plane may die over one work item before it is given up. */
const planeDeathsMax = 5;
/** Pause of a work item whose task can't be held. */
const refusedPauseMs = 1_000;
const detailCharactersMax = 500;

export interface Tries {
  readonly attempts: AttemptBook;
  readonly submit: (command: Command) => Promise<{ readonly kind: string }>;
  /** False while the log is not trusted; then results and faults are ignored. */
  readonly mayWork: () => boolean;
  readonly isPending: (workId: string) => boolean;
}

/** Records the result of the work, unless it came too late. */
export async function recordResult(work: Work, body: CommandBody, on: Tries): Promise<void> {
  if (!on.mayWork()) return;
  const answer = await submitResult(body, on);
  if (answer.kind !== "refused") return on.attempts.forget(work.work_id);
  // If the work is still pending although the log refuses its result, a retry would be refused for ever.
  const why = `the result of ${work.kind} does not match the pending work`;
  await handleFailure(work, new Fault("result-refused", why, { retry: true }), on);
}

/** If the log can't keep the result of a paid run, it still records the run's end and usage. Otherwise the run would stay open. */
async function submitResult(body: CommandBody, { submit }: Tries): Promise<{ readonly kind: string }> {
  try {
    return await submit(makeCommand(body, "control"));
  } catch (error) {
    if (body.kind !== "EndDraft" && body.kind !== "EndSetUpRun") throw error;
    complain(error, { run_id: body.run_id });
    return await submit(makeCommand({ ...body, result: { outcome: "interrupted" } }, "control"));
  }
}

/** Pauses the work, or gives it up if no try is left. */
export async function handleFailure(work: Work, error: unknown, on: Tries): Promise<void> {
  if (!on.mayWork()) return;
  const { work_id: id, kind } = work;
  const { attempts } = on;
  const { tries, pauseMs } = workKinds[kind];
  if (error instanceof PlaneEnded) {
    const deaths = error.duringWork ? attempts.countPlaneDeath(id) : attempts.of(id).planeDeaths;
    if (deaths < planeDeathsMax) return attempts.pause(id, pauseMs);
    const message = `${error.message}, ${deaths} times over this work`;
    return giveUp(work, { fault: new Fault("internal", message, { detail: message }), pauseMs: pauseMsMax }, on);
  }
  const fault = asFault(error);
  const failures = attempts.countFailure(id);
  const grownMs = Math.min(pauseMs * 2 ** Math.min(failures - 1, 30), pauseMsMax);
  if (fault.retry && failures < tries) return attempts.pause(id, grownMs);
  await giveUp(work, { fault, pauseMs: grownMs }, on);
}

/** `pauseMs`: the pause before the next try, for work that is never given up. */
async function giveUp(work: Work, { fault, pauseMs }: { fault: Fault; pauseMs: number }, on: Tries): Promise<void> {
  if (work.task_id === null) {
    const isOver = workKinds[work.kind].exhausted === "never";
    return on.attempts.pause(work.work_id, isOver ? Number.POSITIVE_INFINITY : pauseMs);
  }
  const { exhausted } = workKinds[work.kind];
  if (exhausted !== "skip") return holdTask(work, { fault, otherwise: exhausted }, on);
  const { task_id, change_digest } = work as Extract<Work, { kind: "OpenDraft" }>;
  const why = boundedDetail(fault.message);
  const answer = await on.submit(makeCommand({ kind: "SkipDraftPullRequest", task_id, change_digest, why }, "control"));
  if (answer.kind === "refused") on.attempts.pause(work.work_id, refusedPauseMs);
}

/** Holds the task if this work is still pending. Work on a hold itself is only paused. */
async function holdTask(
  work: TaskWork,
  { fault, otherwise }: { fault: Fault; otherwise: HoldCode },
  { attempts, submit, isPending }: Tries,
): Promise<void> {
  const { work_id, task_id, kind } = work;
  if (!isPending(work_id)) return;
  const { code, detail } = holdOf(fault, otherwise);
  const resumes = fault.resumesAt === undefined ? {} : { resumes_at: fault.resumesAt };
  const body = {
    kind: "HoldTask",
    task_id,
    code,
    detail: boundedDetail(detail),
    hold_id: newId("h"),
    ...resumes,
  } as const;
  const answer = await submit(makeCommand(body, "control"));
  if (answer.kind === "refused") attempts.pause(work_id, Math.max(workKinds[kind].pauseMs, refusedPauseMs));
  else attempts.forget(work_id);
}

function boundedDetail(text: string): string {
  return text.slice(0, detailCharactersMax).toWellFormed();
}

/** Makes a Fault of anything thrown. Anything else than a Fault is our bug: its message holds the task, which never merges, and its stack is logged. */
export function asFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  complain(error);
  return new Fault("internal", error instanceof Error ? error.message : String(error));
}
