/**
 * Keeps the two planes running for the loop: always the newest generation, restarted with a growing pause after an exit. Each start is an event
 * before the process exists, so that a report of an older generation can't pass for a newer one's.
 */

import { setTimeout as delay } from "node:timers/promises";
import type { PlaneReport, PlaneWork, RunId, ToPlane } from "@aedev/contracts";
import { complain, writeOfPlane } from "../logging/complain.ts";
import { type Plane, PlaneEnded, type PlaneName, type PlaneProcess, type RunMessage, startPlane } from "./plane.ts";

export interface PlaneLaunch extends PlaneProcess {
  readonly start: (generation: number) => ToPlane;
}

export interface Planes {
  perform(name: PlaneName, work: Omit<PlaneWork, "nonce" | "generation">): Promise<PlaneReport>;
  forgetRun(runId: string): void;
  stopRun(runId: string): void;
  /** Null: the plane does not run now. */
  processIds(): Readonly<Record<PlaneName, number | null>>;
  stop(): Promise<void>;
}

/** Pauses before a plane that keeps ending is restarted. */
const restartPausesMs = [200, 1_000, 5_000, 30_000];
/** How long a plane may take to exit after its channel is closed. */
const stopGraceMs = 15_000;

export async function openPlanes(options: {
  launches: Record<PlaneName, PlaneLaunch>;
  /** Appends `PlaneStarted` and returns the new generation. */
  nextGeneration: (name: PlaneName) => Promise<number>;
  onProgress: (message: RunMessage) => void;
  /** A plane is back after it ended: pending work can be given out again. */
  onReady: () => void;
}): Promise<Planes> {
  const current: Record<PlaneName, Plane | null> = { execution: null, judgement: null };
  let stopping = false;

  async function start(name: PlaneName, tries: number): Promise<void> {
    const generation = await options.nextGeneration(name);
    const launch = options.launches[name];
    const startedAt = Date.now();
    writeOfPlane(name, "info", "the plane starts", { generation });
    current[name] = await startPlane({
      ...launch,
      name,
      generation,
      start: launch.start(generation),
      onProgress: options.onProgress,
      onExit: (cause) => {
        current[name] = null;
        if (stopping) return;
        complain(cause);
        const quick = Date.now() - startedAt < 60_000;
        void restart(name, quick ? tries + 1 : 0);
      },
    });
  }

  async function restart(name: PlaneName, tries: number): Promise<void> {
    await delay(restartPausesMs[Math.min(tries, restartPausesMs.length - 1)]);
    if (stopping) return;
    try {
      await start(name, tries);
      options.onReady();
    } catch (error) {
      if (!(error instanceof PlaneEnded)) throw error;
    }
  }

  await Promise.all([start("execution", 0), start("judgement", 0)]);
  return {
    perform(name, work) {
      const plane = current[name];
      return plane === null ? Promise.reject(new PlaneEnded(`the ${name} plane is not running`)) : plane.perform(work);
    },
    forgetRun: (runId) => current.execution?.send({ kind: "ForgetRun", run_id: runId as RunId }),
    stopRun: (runId) => current.execution?.send({ kind: "StopRun", run_id: runId as RunId }),
    processIds: () => ({
      execution: current.execution?.processId ?? null,
      judgement: current.judgement?.processId ?? null,
    }),
    async stop() {
      stopping = true;
      await Promise.all([current.execution?.stop(stopGraceMs), current.judgement?.stop(stopGraceMs)]);
    },
  };
}
