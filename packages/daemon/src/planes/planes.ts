/**
 * Keeps the two planes running for the loop, and restarts one that ended after a growing pause. Each start is an event before the process exists, so that a
 * report of an older generation can't pass for a newer one's.
 * Folder: the runner and the validators as child processes.
 */

import { setTimeout as delay } from "node:timers/promises";
import type { PlaneReport, PlaneWork, RunId, Told, ToPlane } from "@aedev/contracts";
import { complain, writeOfPlane } from "../logging/complain.ts";
import { type Plane, PlaneEnded, type PlaneName, type PlaneProcess, type RunMessage, startPlane } from "./plane.ts";

export interface PlaneLaunch extends PlaneProcess {
  readonly start: (generation: number) => ToPlane;
}

export interface Planes {
  /** Resolves once both have started; rejects if one can't. Until then they refuse work, like a plane that has ended. */
  readonly started: Promise<void>;
  perform(name: PlaneName, work: Omit<PlaneWork, "nonce" | "generation">): Promise<PlaneReport>;
  forgetRun(runId: string): void;
  stopRun(runId: string): void;
  /** A run that the plane does not know yet gets it when it starts. */
  tellRun(runId: string, told: readonly Told[]): void;
  /** Runs that a plane works on now, whoever asked for the work. */
  runsUnderWay(): readonly string[];
  /** Null: the plane is not running. */
  processIds(): Readonly<Record<PlaneName, number | null>>;
  stop(): Promise<void>;
}

/** Pauses before a plane that keeps ending is started again. */
const restartPausesMs = [200, 1_000, 5_000, 30_000];
/** How long a plane may take to exit after its channel is closed. */
const stopGraceMs = 15_000;

/** Starts both planes and returns at once. */
export function openPlanes(options: {
  launches: Record<PlaneName, PlaneLaunch>;
  /** Appends `PlaneStarted` and returns the new generation. */
  nextGeneration: (name: PlaneName) => Promise<number>;
  onProgress: (message: RunMessage) => void;
  /** Called when a plane has started, so that it can be given pending work. */
  onReady: () => void;
}): Planes {
  const current: Record<PlaneName, Plane | null> = { execution: null, judgement: null };
  /** Messages about runs that wait while the execution plane starts; null: it is not starting. */
  let unsent: ToPlane[] | null = null;
  let stopping = false;
  /** The run of each work item under way. */
  const underWay = new Map<object, string>();

  async function start(name: PlaneName, tries: number): Promise<void> {
    const generation = await options.nextGeneration(name);
    const launch = options.launches[name];
    const startedAt = Date.now();
    writeOfPlane(name, "info", "the plane starts", { generation });
    const start = launch.start(generation);
    // Its first message lists the runs that are live now; messages about later changes must follow it.
    if (name === "execution") unsent = [];
    const plane = await startPlane({
      ...launch,
      name,
      generation,
      start,
      onProgress: options.onProgress,
      onExit: (cause) => {
        current[name] = null;
        if (name === "execution") unsent = null;
        if (stopping) return;
        complain(cause);
        const quick = Date.now() - startedAt < 60_000;
        void restart(name, quick ? tries + 1 : 0);
      },
    });
    current[name] = plane;
    if (name === "execution") {
      for (const message of unsent ?? []) plane.send(message);
      unsent = null;
    }
    if (!stopping) options.onReady();
  }

  function tell(message: ToPlane): void {
    if (current.execution === null) unsent?.push(message);
    else current.execution.send(message);
  }

  async function restart(name: PlaneName, tries: number): Promise<void> {
    await delay(restartPausesMs[Math.min(tries, restartPausesMs.length - 1)]);
    if (stopping) return;
    try {
      await start(name, tries);
    } catch (error) {
      if (!(error instanceof PlaneEnded)) throw error;
    }
  }

  const starts = [start("execution", 0), start("judgement", 0)];
  const started = Promise.all(starts).then(() => undefined);
  // A plane that ended is started again, so a failed start is only reported.
  started.catch(complain);
  return {
    started,
    async perform(name, work) {
      const plane = current[name];
      if (plane === null) throw new PlaneEnded(`the ${name} plane is not running`);
      if ("run_id" in work && typeof work.run_id === "string") underWay.set(work, work.run_id);
      try {
        return await plane.perform(work);
      } finally {
        underWay.delete(work);
      }
    },
    runsUnderWay: () => [...underWay.values()],
    forgetRun: (runId) => tell({ kind: "ForgetRun", run_id: runId as RunId }),
    stopRun: (runId) => tell({ kind: "StopRun", run_id: runId as RunId }),
    tellRun: (runId, told) => tell({ kind: "TellRun", run_id: runId as RunId, told: [...told] }),
    processIds: () => ({
      execution: current.execution?.processId ?? null,
      judgement: current.judgement?.processId ?? null,
    }),
    async stop() {
      stopping = true;
      await Promise.race([Promise.allSettled(starts), delay(stopGraceMs, undefined, { ref: false })]);
      await Promise.all([current.execution?.stop(stopGraceMs), current.judgement?.stop(stopGraceMs)]);
    },
  };
}
