/**
 * The reconcile loop: gives each pending work item to its performer once. All that it knows of a kind of work is its row (`control/work-kinds.ts`).
 * Folder: the reconcile loop: who performs a work item, retries, pauses, and what a fault becomes.
 */
import type { Command, CommandBody, State, Work, WorkBounds } from "@aedev/core";
import type { Deferred } from "../control/deferred.ts";
import { type WorkPlace, workKinds } from "../control/work-kinds.ts";
import { createAttempts } from "./attempts.ts";
import { createWorkFinder } from "./find-work.ts";
import { handleFailure, recordResult, type Tries } from "./outcome.ts";

/** The longest wait for something that is due later. */
const waitMsMax = 60_000;

/** Does one piece of work and returns the command that records it, or null if there is nothing to record. */
export type Perform = (work: Work, state: State) => Promise<CommandBody | Deferred | null>;

export interface LoopOptions {
  readonly state: () => State;
  readonly submit: (command: Command) => Promise<{ readonly kind: string }>;
  readonly perform: Perform;
  readonly bounds: WorkBounds;
  /** False while the log is not trusted: then nothing is pending, and results and faults are ignored. Default: always true. */
  readonly mayWork?: () => boolean;
  /** `completed` is called after each pass, at least every `everyMs`. Without this, a pass is made only when something may be due. */
  readonly passes?: { readonly everyMs: number; readonly completed: () => void };
}

export interface Loop {
  /** Looks for pending work again; cheap, may be called at any time. */
  wake(): void;
  /** Ends the pauses of work that waited for a plane or a probe. */
  wakeNow(): void;
  /** News came from these repositories: work that waits for them is due now, and work that is looking at them now looks once more. */
  noteNews(repositories: ReadonlySet<string>): void;
  /** How many work items the loop remembers (under way, tried or paused); none once nothing is pending. */
  readonly remembered: number;
  /** Resolves once the work of the first pass has ended; never, if there is no pass. */
  readonly firstWorkDone: Promise<void>;
  stop(): void;
}

/** What the loop knows from one pass to the next. */
interface Running extends Tries {
  readonly options: LoopOptions;
  readonly underWay: Map<string, Work>;
  readonly findWork: ReturnType<typeof createWorkFinder>;
  /** When each repository last had news. */
  readonly newsAt: Map<string, number>;
  readonly firstWorkDone: PromiseWithResolvers<void>;
  timer: NodeJS.Timeout | undefined;
  isScheduled: boolean;
  isStopped: boolean;
  hasPassed: boolean;
  /** The last pass: until `dueMs`, another one would give out nothing, unless something changes. */
  rest: { readonly state: State; readonly atMs: number; readonly dueMs: number } | null;
}

export function startLoop(options: LoopOptions): Loop {
  const underWay = new Map<string, Work>();
  const findWork = createWorkFinder({ bounds: options.bounds, underWay });
  const [attempts, newsAt, firstWorkDone] = [
    createAttempts(),
    new Map<string, number>(),
    Promise.withResolvers<void>(),
  ];
  const running: Running = {
    ...{ options, underWay, findWork, attempts, newsAt, firstWorkDone },
    ...{ timer: undefined, isScheduled: false, isStopped: false, hasPassed: false, rest: null },
    submit: options.submit,
    mayWork: options.mayWork ?? (() => true),
    isPending: (workId) => findWork(options.state(), Date.now()).ids.has(workId),
  };
  wakeLoop(running);
  return {
    wake: () => wakeLoop(running),
    wakeNow() {
      // Given-up work stays given up: a paid run must not begin again because another plane is back.
      attempts.endPauses();
      wakeChanged(running);
    },
    noteNews(repositories) {
      for (const repository of repositories) newsAt.set(repository, performance.now());
      attempts.endPauses(repositories);
      wakeChanged(running);
    },
    firstWorkDone: firstWorkDone.promise,
    get remembered() {
      return new Set([...underWay.keys(), ...attempts.ids()]).size;
    },
    stop() {
      running.isStopped = true;
      clearTimeout(running.timer);
    },
  };
}

function wakeLoop(loop: Running): void {
  if (loop.isScheduled || loop.isStopped) return;
  loop.isScheduled = true;
  setImmediate(() => {
    loop.isScheduled = false;
    reconcile(loop);
  });
}

/** Wakes the loop after something that it remembers has changed. */
function wakeChanged(loop: Running): void {
  loop.rest = null;
  wakeLoop(loop);
}

function reconcile(loop: Running): void {
  if (loop.isStopped) return;
  if (loop.mayWork()) makePass(loop);
  else loop.rest = null;
  loop.options.passes?.completed();
}

function makePass(loop: Running): void {
  const state = loop.options.state();
  const now = Date.now();
  const { rest } = loop;
  if (rest === null || rest.state !== state || now < rest.atMs || rest.dueMs <= now) giveOut(state, now, loop);
  else setTimer(rest.dueMs, now, loop);
}

function giveOut(state: State, now: number, loop: Running): void {
  const { attempts, underWay, firstWorkDone } = loop;
  const { pending, ids, dueMs: moreAtMs } = loop.findWork(state, now);
  attempts.forgetSettled(ids, underWay);
  const given: Promise<void>[] = [];
  for (const work of pending) {
    if (underWay.has(work.work_id) || attempts.isPaused(work.work_id, now) || !hasPlace(work, loop)) continue;
    underWay.set(work.work_id, work);
    const ended = performWork(work, state, loop);
    if (loop.hasPassed) continue;
    // A bug in the loop ends the process. Whoever waits for the first pass must not catch it instead.
    void ended.then(() => undefined);
    given.push(ended.catch(() => undefined));
  }
  if (!loop.hasPassed) firstWorkDone.resolve(Promise.all(given).then(() => undefined));
  loop.hasPassed = true;
  const dueMs = Math.min(moreAtMs, attempts.nextEnd(now));
  // A run given out in this pass keeps its place from now on. That changes nobody else's place.
  loop.rest = { state, atMs: now, dueMs };
  setTimer(dueMs, now, loop);
}

/** Whether a place for work of this kind is free. */
function hasPlace({ kind }: Work, { underWay, options: { bounds } }: Running): boolean {
  const { place } = workKinds[kind];
  if (place === undefined) return true;
  const places: Record<WorkPlace, number> = {
    preparation: Number.POSITIVE_INFINITY,
    run: bounds.concurrentRuns,
    // A person waits for a draft, so it does not take a run's place.
    draft: 1,
    planting: Math.max(1, bounds.canaries?.atOnce ?? 0),
  };
  return [...underWay.values()].filter((other) => workKinds[other.kind].place === place).length < places[place];
}

async function performWork(work: Work, state: State, loop: Running): Promise<void> {
  const startedAt = performance.now();
  try {
    const body = await loop.options.perform(work, state);
    if (loop.isStopped) return;
    if (body === null) loop.attempts.pause(work.work_id, workKinds[work.kind].pauseMs);
    else if (body.kind === "Deferred") deferWork(work, { ...body, startedAt }, loop);
    else await recordResult(work, body, loop);
  } catch (error) {
    if (!loop.isStopped) await handleFailure(work, error, loop);
  } finally {
    loop.underWay.delete(work.work_id);
    wakeChanged(loop);
  }
}

/** Pauses work that has to wait. Waiting is no failure, so earlier failures don't count against the next try. */
function deferWork(
  { work_id }: Work,
  { atMs, untilNewsOf, startedAt }: Deferred & { startedAt: number },
  { attempts, newsAt }: Running,
): void {
  attempts.forget(work_id);
  const hadNews = untilNewsOf !== undefined && (newsAt.get(untilNewsOf) ?? 0) >= startedAt;
  attempts.pause(work_id, hadNews ? 0 : Math.max(0, atMs - Date.now()), untilNewsOf);
}

function setTimer(dueMs: number, now: number, loop: Running): void {
  clearTimeout(loop.timer);
  const inMs = Math.min(dueMs - now, loop.options.passes?.everyMs ?? Number.POSITIVE_INFINITY);
  // Waits in steps, because the clock may be set and stops while the machine sleeps.
  if (inMs < Number.POSITIVE_INFINITY)
    loop.timer = setTimeout(() => reconcile(loop), Math.min(Math.max(0, inMs), waitMsMax));
}
