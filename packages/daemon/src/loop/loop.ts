/**
 * The reconcile loop: gives each pending work item to its performer once and turns the result into one command. Only here do faults become holds, so recovery, retry and normal work share one path.
 *
 * Folder: the reconcile loop: who performs a work item, retries, pauses, and what a fault becomes.
 */

import { Fault, type HoldCode, holdOf } from "@aedev/contracts";
import type { Command, CommandBody, State, TaskWork, Work, WorkBounds } from "@aedev/core";
import { makeCommand, newId } from "../control/control.ts";
import type { Deferred } from "../control/deferred.ts";
import { holdCodeWhenExhausted, pauseMsMax, workLimits } from "../control/work-limits.ts";
import { complain } from "../logging/complain.ts";
import { PlaneEnded } from "../planes/plane.ts";
import { createAttempts } from "./attempts.ts";
import { createWorkFinder } from "./find-work.ts";

/** How often a plane may die over one piece of work before its task is held. */
const planeDeathsMax = 5;
/** Longest wait for something that is due. */
const waitMsMax = 60_000;
/** Work of the execution plane that takes no run's place. */
const beside: ReadonlySet<Work["kind"]> = new Set([
  "ProbeEngine",
  "ProbeCoderVendor",
  "DraftMission",
  "SetUpRepository",
]);
/** Pause of a work item whose task can't be held. */
const refusedPauseMs = 1_000;

/** Does one piece of work and returns the command that records it, or null if there is nothing to record. */
export type Perform = (work: Work, state: State) => Promise<CommandBody | Deferred | null>;

export interface LoopOptions {
  readonly state: () => State;
  readonly submit: (command: Command) => Promise<{ readonly kind: string }>;
  readonly perform: Perform;
  readonly bounds: WorkBounds;
  /** False while the log is not trusted: nothing is pending then, and no result or fault counts. By default always true. */
  readonly mayWork?: () => boolean;
  /** Called after each completed pass, of which there is one at least every `everyMs`. By default a pass is made only when something may be due. */
  readonly passes?: { readonly everyMs: number; readonly completed: () => void };
}

export interface Loop {
  /** Checks again for pending work; cheap, may be called at any time. */
  wake(): void;
  /** Forgets pauses of work that waited for a plane or a probe. */
  wakeNow(): void;
  /** Something happened in these registered repositories: work that waits for news of them is due now, and work that looks at them right now looks once more. */
  noteNews(repositories: ReadonlySet<string>): void;
  /** How many work items it remembers: under way, tried before, or put off. None once nothing is pending. */
  readonly remembered: number;
  /** Resolves once the work that the first pass gave out has ended; never, if there is no pass. */
  readonly firstWorkDone: Promise<void>;
  stop(): void;
}

export function startLoop(options: LoopOptions): Loop {
  const inFlight = new Map<string, Work>();
  const attempts = createAttempts();
  /** When each repository last had news. */
  const newsAt = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;
  let scheduled = false;
  let stopped = false;
  const firstWorkDone = Promise.withResolvers<void>();
  let hasPassed = false;
  const { bounds } = options;
  const findWork = createWorkFinder({ bounds, underWay: inFlight });
  /** After the last pass: until `dueMs` another one would give out nothing more, unless something changes. */
  let rest: { readonly state: State; readonly atMs: number; readonly dueMs: number } | null = null;
  const mayWork = options.mayWork ?? (() => true);

  function wake(): void {
    if (scheduled || stopped) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      reconcile();
    });
  }

  /** What the loop remembers has changed. */
  function wakeChanged(): void {
    rest = null;
    wake();
  }

  function reconcile(): void {
    if (stopped) return;
    if (mayWork()) pass();
    else rest = null;
    options.passes?.completed();
  }

  function pass(): void {
    const state = options.state();
    const now = Date.now();
    if (rest === null || rest.state !== state || now < rest.atMs || rest.dueMs <= now) giveOut(state, now);
    else setTimer(rest.dueMs, now);
  }

  function giveOut(state: State, now: number): void {
    const { pending, ids, dueMs: moreAtMs } = findWork(state, now);
    attempts.forgetSettled(ids, inFlight);
    const given: Promise<void>[] = [];
    for (const work of pending) {
      if (inFlight.has(work.work_id) || attempts.isPaused(work.work_id, now)) continue;
      if (!hasRoom(work)) continue;
      inFlight.set(work.work_id, work);
      const ended = perform(work, state);
      if (hasPassed) continue;
      // Who waits for the first pass must not handle a bug, which ends the process.
      void ended.then(() => undefined);
      given.push(ended.catch(() => undefined));
    }
    if (!hasPassed) firstWorkDone.resolve(Promise.all(given).then(() => undefined));
    hasPassed = true;
    const dueMs = Math.min(moreAtMs, attempts.nextEnd(now));
    // A run given out in this pass now keeps its place. That changes nobody else's place.
    rest = { state, atMs: now, dueMs };
    setTimer(dueMs, now);
  }

  /** Limits long work of the execution plane, not counting probes and drafts, and planting, which nothing waits for. */
  function hasRoom(work: Work): boolean {
    if (work.kind === "PlantCanary") {
      const planting = [...inFlight.values()].filter(({ kind }) => kind === "PlantCanary");
      return planting.length < Math.max(1, bounds.canaries?.atOnce ?? 0);
    }
    // A person waits for a draft, so it has a place beside the runs, one at a time.
    if (work.kind === "DraftMission") return ![...inFlight.values()].some(({ kind }) => kind === "DraftMission");
    if (work.plane !== "execution" || beside.has(work.kind)) return true;
    const runs = [...inFlight.values()].filter((other) => other.plane === "execution" && !beside.has(other.kind));
    return runs.length < bounds.concurrentRuns;
  }

  async function perform(work: Work, state: State): Promise<void> {
    const startedAt = performance.now();
    try {
      const body = await options.perform(work, state);
      if (stopped) return;
      if (body === null) pause(work, workLimits[work.kind].pauseMs);
      else if (body.kind === "Deferred") defer(work, body, startedAt);
      else await record(work, body);
    } catch (error) {
      if (!stopped) await fail(work, error);
    } finally {
      inFlight.delete(work.work_id);
      wakeChanged();
    }
  }

  async function record(work: Work, body: CommandBody): Promise<void> {
    if (!mayWork()) return;
    const answer = await submit(body);
    if (answer.kind !== "refused") attempts.forget(work.work_id);
    // A result that came too late is dropped. If the work is still pending and the log refuses its result, a plain retry would be refused for ever.
    else
      await fail(
        work,
        new Fault("result-refused", `the result of ${work.kind} does not match the pending work`, { retry: true }),
      );
  }

  /** If the log can't keep what a paid run left, it still gets the run's end and what it used: without them the run would stay open. */
  async function submit(body: CommandBody): Promise<{ readonly kind: string }> {
    try {
      return await options.submit(makeCommand(body, "control"));
    } catch (error) {
      if (body.kind !== "EndDraft" && body.kind !== "EndSetUpRun") throw error;
      complain(error, { run_id: body.run_id });
      return await options.submit(makeCommand({ ...body, result: { outcome: "interrupted" } }, "control"));
    }
  }

  async function fail(work: Work, error: unknown): Promise<void> {
    if (!mayWork()) return;
    if (error instanceof PlaneEnded) return failWithPlane(work, error);
    const fault = asFault(error);
    const count = attempts.countFailure(work.work_id);
    const pauseMs = Math.min(workLimits[work.kind].pauseMs * 2 ** Math.min(count - 1, 30), pauseMsMax);
    const isExhausted = !fault.retry || count >= workLimits[work.kind].attempts;
    // Measuring the judges is given up until the daemon restarts: there is no task to hold for it.
    if (work.kind === "PlantCanary" || work.kind === "JudgeCanary")
      return pause(work, isExhausted ? Number.POSITIVE_INFINITY : pauseMs);
    // The run costs money: a process that could not write its end never begins it again; the next process calls it interrupted.
    if (work.kind === "DraftMission" || work.kind === "SetUpRepository") return pause(work, Number.POSITIVE_INFINITY);
    // Pushes are retried for as long as there is something to report.
    if (work.task_id === null) return pause(work, pauseMs);
    if (!isExhausted) return pause(work, pauseMs);
    // A draft only shows a change: without it the change waits for approval as well.
    if (work.kind === "OpenDraft") return skipDraft(work, fault.message);
    const { code, detail } = holdOf(fault, holdCodeWhenExhausted(work.kind));
    await hold(work, code, detail, fault.resumesAt);
  }

  async function skipDraft(work: Extract<Work, { kind: "OpenDraft" }>, message: string): Promise<void> {
    const { task_id, change_digest } = work;
    const why = message.slice(0, 500).toWellFormed();
    const answer = await options.submit(
      makeCommand({ kind: "SkipDraftPullRequest", task_id, change_digest, why }, "control"),
    );
    if (answer.kind === "refused") pause(work, refusedPauseMs);
  }

  async function failWithPlane(work: Work, error: PlaneEnded): Promise<void> {
    const { work_id: id } = work;
    const planeDeaths = error.duringWork ? attempts.countPlaneDeath(id) : attempts.of(id).planeDeaths;
    if (planeDeaths < planeDeathsMax) pause(work, workLimits[work.kind].pauseMs);
    // A probe ends holds, and is the only thing that does.
    else if (work.kind === "ProbeVendor" || work.kind === "ProbeCoderVendor") pause(work, pauseMsMax);
    else if (work.task_id === null) pause(work, Number.POSITIVE_INFINITY);
    else await hold(work, holdCodeWhenExhausted(work.kind), `${error.message}, ${planeDeaths} times over this work`);
  }

  /** Holds the task if the work is still pending: by now, other work may be pending instead. Work on a hold itself is only deferred. */
  async function hold(work: TaskWork, code: HoldCode, detail: string, resumesAt?: string): Promise<void> {
    if (!findWork(options.state(), Date.now()).ids.has(work.work_id)) return;
    const holdId = newId("h");
    const body = {
      kind: "HoldTask",
      task_id: work.task_id,
      code,
      detail: detail.slice(0, 500).toWellFormed(),
      hold_id: holdId,
      ...(resumesAt === undefined ? {} : { resumes_at: resumesAt }),
    } as const;
    const answer = await options.submit(makeCommand(body, "control"));
    if (answer.kind === "refused") pause(work, Math.max(workLimits[work.kind].pauseMs, refusedPauseMs));
    else attempts.forget(work.work_id);
  }

  function pause(work: Work, pauseMs: number): void {
    attempts.pause(work.work_id, pauseMs);
  }

  /** Waiting is no failure: what failed before it does not count against the next try. */
  function defer(work: Work, { atMs, untilNewsOf }: Deferred, startedAt: number): void {
    attempts.forget(work.work_id);
    const hadNews = untilNewsOf !== undefined && (newsAt.get(untilNewsOf) ?? 0) >= startedAt;
    attempts.pause(work.work_id, hadNews ? 0 : Math.max(0, atMs - Date.now()), untilNewsOf);
  }

  function setTimer(dueMs: number, now: number): void {
    clearTimeout(timer);
    const inMs = Math.min(dueMs - now, options.passes?.everyMs ?? Number.POSITIVE_INFINITY);
    // The clock may be set, and stops while the machine sleeps.
    if (inMs < Number.POSITIVE_INFINITY) timer = setTimeout(reconcile, Math.min(Math.max(0, inMs), waitMsMax));
  }

  wake();
  return {
    wake,
    wakeNow() {
      // Work that was given up stays so: a paid run is not begun again because another plane is back.
      attempts.endPauses();
      wakeChanged();
    },
    noteNews(repositories) {
      for (const repository of repositories) newsAt.set(repository, performance.now());
      attempts.endPauses(repositories);
      wakeChanged();
    },
    firstWorkDone: firstWorkDone.promise,
    get remembered() {
      return new Set([...inFlight.keys(), ...attempts.ids()]).size;
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

/** Anything thrown that is not a Fault is our bug: the task is held with its message and never merges, and the stack goes to the log file. */
export function asFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  complain(error);
  return new Fault("internal", error instanceof Error ? error.message : String(error));
}
