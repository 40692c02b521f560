/**
 * The execution plane: takes work from its channel, returns reports, and exits when the channel closes. It opens no database, writes no event, and has no
 * secret but the coder's. Faults become held reports here; any other error is a bug and ends the process. Each performer is loaded with its first work, so that
 * an idle plane stays small.
 */

import {
  type ExecutionWork,
  Fault,
  type FileRunResult,
  type FromPlane,
  type HeldReport,
  type PlaneReport,
  progressOf,
  type RunChecks,
  type RunChecksReport,
  type RunCoder,
  type StartExecution,
  type Told,
  type ToPlane,
  type TryRepository,
  type TryRepositoryReport,
} from "@aedev/contracts";
import { toPlaneSchema } from "@aedev/contracts/message";
import { homeLayout } from "@aedev/host/home-layout";
import type { FileWork } from "./coder/file-run.ts";
import { forgetRun, reapRuns } from "./coder/forget-run.ts";
import { type RunResult, readCheckpoint } from "./coder/run-checkpoint.ts";
import type { RunHandle } from "./coder/run-coder.ts";
import type { RunnerContext } from "./engine/context.ts";
import { heldOnFault } from "./engine/held-report.ts";
import { withResumedUsage } from "./gateway/resumed-usage.ts";
import { openContext } from "./open-context.ts";
import { boundedAfter } from "./prepare/bound-archives.ts";
import { journalPathOf, runFolder } from "./tree/run-folder.ts";

const lineCharsMax = 500;

/** A channel to the control plane; `process` of a forked child satisfies it through `main.ts`. */
export interface Channel {
  send(message: FromPlane): void;
  onMessage(take: (message: unknown) => void): void;
}

/** `gone` resolves when the work has ended, however it ended. */
interface Stoppable {
  readonly abort: AbortController;
  readonly gone: Promise<unknown>;
}
interface Active<Result = unknown> {
  handle: RunHandle;
  ended: Promise<Result>;
}

/**
 * `settled` resolves when all runs with a stop or forget order have ended. It waits neither for other work nor for the clearing at start, because files that a
 * plane clears without a daemon may be its successor's.
 */
export interface Serving {
  settled(): Promise<void>;
}

/** Serves one channel. The first message must be StartExecution; `failed` gets every error that is not a Fault. */
export function serveExecution(channel: Channel, failed: (error: unknown) => void): Serving {
  let started: Promise<void> | null = null;
  let ready: Plane | null = null;
  channel.onMessage((received) => {
    const parsed = toPlaneSchema.safeParse(received);
    if (!parsed.success) return failed(new Error("the control plane sent an invalid message"));
    const message = parsed.data;
    if (message.kind === "Ping") return channel.send({ kind: "Pong" });
    if (message.kind === "StartExecution") {
      if (started !== null) return failed(new Error("the control plane started the execution plane twice"));
      started = Plane.start(message, channel).then((plane) => {
        ready = plane;
      });
      started.catch(failed);
      return;
    }
    if (started === null) return failed(new Error("the control plane sent work before the start"));
    started.then(() => ready?.take(message)).catch(failed);
  });
  return { settled: async () => ready?.settled() };
}

class Plane {
  readonly #context: RunnerContext;
  readonly #channel: Channel;
  readonly #active = new Map<string, Active<RunResult>>();
  readonly #fileRuns = new Map<string, Active>();
  /** What a person said to the coder of each run; a run that is about to start may have some already. */
  readonly #told = new Map<string, Told[]>();
  readonly #checks = new Map<string, Set<Stoppable>>();
  /** Stop and forget orders in progress. */
  readonly #leaving = new Set<Promise<unknown>>();

  static async start(message: StartExecution, channel: Channel): Promise<Plane> {
    const context = openContext(message, {
      progress: (run_id, step) => channel.send({ kind: "Progress", run_id, progress: progressOf(step) }),
      refusal: (run_id, what) => channel.send({ kind: "Refusal", run_id, what: what.slice(0, lineCharsMax) }),
      salvaged: (run_id, work) => channel.send({ kind: "Salvaged", run_id, ...work }),
    });
    try {
      await reapRuns(message.live_runs, context);
    } catch (error) {
      // Without an engine nothing can be removed; the report of each work item will say so.
      if (!(error instanceof Fault)) throw error;
    }
    channel.send({ kind: "Ready", generation: message.generation });
    return new Plane(context, channel);
  }

  constructor(context: RunnerContext, channel: Channel) {
    this.#context = context;
    this.#channel = channel;
  }

  async take(message: Exclude<ToPlane, StartExecution | { kind: "Ping" }>): Promise<void> {
    switch (message.kind) {
      case "Work":
        if (
          message.work.kind === "JudgeEvidence" ||
          message.work.kind === "ProbeJudge" ||
          message.work.kind === "ProbeVendor"
        )
          throw new Error("the execution plane takes no judgement work");
        return this.#perform(message.work);
      case "ForgetRun":
        return this.#leave([this.#forget(message.run_id)]);
      case "TellRun":
        return this.#tell(message.run_id, message.told);
      case "StopRun": {
        const underWay = [...(this.#checks.get(message.run_id) ?? [])];
        for (const { abort } of underWay) abort.abort();
        return this.#leave([this.#forget(message.run_id), ...underWay.map(({ gone }) => gone)]);
      }
      case "StartJudgement":
        throw new Error("this is the execution plane");
    }
  }

  async settled(): Promise<void> {
    await Promise.allSettled(this.#leaving);
  }

  async #leave(parts: readonly Promise<unknown>[]): Promise<void> {
    const all = Promise.all(parts);
    this.#leaving.add(all);
    try {
      await all;
    } finally {
      this.#leaving.delete(all);
    }
  }

  async #perform(work: ExecutionWork): Promise<void> {
    const { home, preparedBytesMax } = this.#context;
    const report = () => this.#reportOn(work);
    this.#channel.send({
      kind: "Report",
      report: await boundedAfter(homeLayout(home).prepared, preparedBytesMax, report),
    });
  }

  async #reportOn(work: ExecutionWork): Promise<PlaneReport> {
    const { work_id, nonce } = work;
    const envelope = { work_id, nonce, generation: this.#context.generation };
    switch (work.kind) {
      case "RunCoder":
        return { kind: "RunCoder", ...envelope, run_id: work.run_id, result: await this.#runOnce(work) };
      case "RunChecks":
        return { kind: "RunChecks", ...envelope, run_id: work.run_id, result: await this.#checkOnce(work) };
      case "ProbeEngine": {
        const detail = await this.#engineTrouble();
        return { kind: "ProbeEngine", ...envelope, available: detail === null, detail };
      }
      case "TryRepository":
        return { kind: "TryRepository", ...envelope, result: await this.#tryOnce(work) };
      case "DraftMission":
      case "SetUpRepository":
        return { kind: work.kind, ...envelope, run_id: work.run_id, result: await this.#fileRunOnce(work) };
      case "ProbeCredential":
        return { kind: "ProbeCredential", ...envelope, present: this.#context.credential() !== null };
      case "ProbeCoderVendor": {
        const { upstreamProblem } = await import("./gateway/probe-upstream.ts");
        const detail = await upstreamProblem(this.#context.upstreamOrigin, work.timeout_ms);
        return { kind: "ProbeCoderVendor", ...envelope, ok: detail === null, detail };
      }
      case "ProbeCoder": {
        const { probeCoder } = await import("./coder/probe-coder.ts");
        return { kind: "ProbeCoder", ...envelope, ...(await probeCoder(work, this.#context)) };
      }
    }
  }

  /** One performer per run: the same work that arrives again gets the same result. */
  async #runOnce(work: RunCoder): Promise<RunResult> {
    this.#tell(work.run_id, work.told);
    const running = this.#active.get(work.run_id);
    if (running !== undefined) return running.ended;
    const handle: RunHandle = { stopped: false, stop: () => undefined, told: this.#toldOf(work.run_id) };
    const resumedUsage = { indexPath: journalPathOf(this.#context.home, work.run_id), limits: work.gateway };
    const ended = heldOnFault(
      async () => (await import("./coder/run-coder.ts")).performRunCoder(work, this.#context, handle),
      () => isFree(work, this.#context),
    )
      .then((result) => withResumedUsage(result, resumedUsage))
      .finally(() => this.#active.delete(work.run_id));
    this.#active.set(work.run_id, { handle, ended });
    return ended;
  }

  #toldOf(runId: string): Told[] {
    const known = this.#told.get(runId) ?? [];
    this.#told.set(runId, known);
    return known;
  }

  #tell(runId: string, told: readonly Told[]): void {
    const known = this.#toldOf(runId);
    for (const one of told) if (!known.some(({ number }) => number === one.number)) known.push(one);
  }

  async #fileRunOnce(work: FileWork): Promise<FileRunResult> {
    const common = import("./coder/file-run.ts");
    const handle: RunHandle = { stopped: false, stop: () => undefined };
    const resumedUsage = { indexPath: journalPathOf(this.#context.home, work.run_id), limits: work.gateway };
    const ended = heldOnFault(
      async () => this.#performFileRun(work, handle),
      () => false,
    )
      .then((result) => (result.outcome === "held" ? withResumedUsage(result, resumedUsage) : result))
      .then(async (result) => {
        // The report of paid work is sent even if something could not be removed.
        await this.#unlessDown(async () => (await common).discardFileRun(work, this.#context)).catch((error: unknown) =>
          process.stderr.write(`run ${work.run_id}: not everything of it was removed: ${String(error)}\n`),
        );
        return result;
      })
      .finally(() => this.#fileRuns.delete(work.run_id));
    this.#fileRuns.set(work.run_id, { handle, ended });
    return ended;
  }

  async #performFileRun(work: FileWork, handle: RunHandle): Promise<FileRunResult> {
    if (work.kind === "DraftMission")
      return (await import("./coder/draft-mission.ts")).performDraftMission(work, this.#context, handle);
    return (await import("./coder/set-up-repository.ts")).performSetUpRepository(work, this.#context, handle);
  }

  #checkOnce(work: RunChecks): Promise<RunChecksReport["result"]> {
    return this.#stoppable(work.run_id, async (signal) =>
      (await import("./checks/perform.ts")).performRunChecks(work, this.#context, signal),
    );
  }

  #tryOnce(work: TryRepository): Promise<TryRepositoryReport["result"]> {
    return this.#stoppable(work.run_id, async (signal) =>
      (await import("./checks/try-repository.ts")).performTryRepository(work, this.#context, signal),
    );
  }

  /** Registers checks, so that stopping their run ends them early; they cost nothing. */
  async #stoppable<T>(runId: string, perform: (signal: AbortSignal) => Promise<T>): Promise<T | HeldReport> {
    const abort = new AbortController();
    const performed = perform(abort.signal);
    // The result does not matter here; only its containers must be gone.
    const stoppable: Stoppable = { abort, gone: Promise.allSettled([performed]) };
    const underWay = this.#checks.get(runId) ?? new Set();
    this.#checks.set(runId, underWay.add(stoppable));
    return heldOnFault(
      () => performed,
      () => true,
    ).finally(() => {
      underWay.delete(stoppable);
      if (underWay.size === 0) this.#checks.delete(runId);
    });
  }

  async #forget(runId: string): Promise<void> {
    this.#told.delete(runId);
    const fileRun = this.#fileRuns.get(runId);
    const running = this.#active.get(runId) ?? fileRun;
    if (running !== undefined) {
      running.handle.stopped = true;
      running.handle.stop();
      await running.ended;
    }
    // A file run deletes its own leftovers.
    if (fileRun !== undefined) return;
    await this.#unlessDown(() => forgetRun(runId, this.#context));
  }

  /** If the engine is down, the next start removes the rest. */
  async #unlessDown(remove: () => Promise<void>): Promise<void> {
    try {
      await remove();
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
    }
  }

  async #engineTrouble(): Promise<string | null> {
    try {
      await this.#context.docker.version();
      return null;
    } catch (error) {
      if (error instanceof Fault) return error.message.slice(0, lineCharsMax);
      throw error;
    }
  }
}

/** True until the container may have started. Losing the engine is free too, because the same container is resumed. */
function isFree(work: RunCoder, context: RunnerContext): boolean {
  try {
    return readCheckpoint(runFolder(context, work.run_id).checkpointPath)?.stage !== "running";
  } catch (error) {
    // The run may have cost something, because its checkpoint can't be read.
    if (error instanceof Fault) return false;
    throw error;
  }
}
