/**
 * The execution plane: takes work from its channel, returns reports, and exits when the channel closes. It opens no database, writes no
 * event and keeps no secret but the coder's. Faults end here, as held reports; whatever else is thrown is a bug and ends the process.
 * A performer is loaded with its first work, so that a waiting plane stays small.
 */
import {
  type ExecutionWork,
  Fault,
  type FromPlane,
  type HeldReport,
  holdCodeSchema,
  noUsage,
  type RunChecks,
  type RunChecksReport,
  type RunCoder,
  type StartExecution,
  type TryRepository,
  type TryRepositoryReport,
  toPlaneSchema,
} from "@aedev/core/wire";
import { forgetRun, reapRuns } from "./coder/forget-run.ts";
import type { RunHandle } from "./coder/run-coder.ts";
import { type RunResult, readStage } from "./coder/stage.ts";
import type { RunnerContext } from "./context.ts";
import { withSpent } from "./gateway/spent.ts";
import { openContext } from "./open-context.ts";
import { journalPathOf, runFolder } from "./worktree/run-folder.ts";

const lineCharsMax = 500;

/** A channel to the control plane; `process` of a forked child satisfies it through `main.ts`. */
export interface Channel {
  send(message: FromPlane): void;
  onMessage(take: (message: unknown) => void): void;
}

/** `gone` resolves when it has ended, however. */
interface Stoppable {
  readonly abort: AbortController;
  readonly gone: Promise<unknown>;
}
interface Active {
  handle: RunHandle;
  ended: Promise<RunResult>;
}

/** `settled` resolves when what was ordered to stop or to be forgotten has gone; runs and checks that go on are not waited for. */
export interface Serving {
  settled(): Promise<void>;
}

/** Serves one channel. The first message must be StartExecution; `failed` gets every error that is not a Fault. */
export function serveExecution(channel: Channel, failed: (error: unknown) => void): Serving {
  let started: Promise<Plane> | null = null;
  channel.onMessage((received) => {
    const parsed = toPlaneSchema.safeParse(received);
    if (!parsed.success) return failed(new Error("control sent a message that is none"));
    const message = parsed.data;
    if (message.kind === "StartExecution") {
      if (started !== null) return failed(new Error("control started the execution plane twice"));
      started = Plane.start(message, channel);
      started.catch(failed);
      return;
    }
    if (started === null) return failed(new Error("control sent work before the start"));
    started.then((plane) => plane.take(message)).catch(failed);
  });
  return { settled: async () => (await started)?.settled() };
}

class Plane {
  readonly #context: RunnerContext;
  readonly #channel: Channel;
  readonly #active = new Map<string, Active>();
  readonly #checks = new Map<string, Set<Stoppable>>();
  /** Orders to stop and to forget that are being carried out. */
  readonly #leaving = new Set<Promise<unknown>>();

  static async start(message: StartExecution, channel: Channel): Promise<Plane> {
    const context = openContext(message, {
      progress: (run_id, text) => channel.send({ kind: "Progress", run_id, text: text.slice(0, lineCharsMax) }),
      refusal: (run_id, what) => channel.send({ kind: "Refusal", run_id, what: what.slice(0, lineCharsMax) }),
    });
    try {
      await reapRuns(message.live_runs, context);
    } catch (error) {
      // Without an engine there is nothing to reap; every work says so in its own report.
      if (!(error instanceof Fault)) throw error;
    }
    channel.send({ kind: "Ready", generation: message.generation });
    return new Plane(context, channel);
  }

  constructor(context: RunnerContext, channel: Channel) {
    this.#context = context;
    this.#channel = channel;
  }

  async take(message: Exclude<ReturnType<typeof toPlaneSchema.parse>, StartExecution>): Promise<void> {
    switch (message.kind) {
      case "Work":
        if (message.work.kind === "JudgeEvidence" || message.work.kind === "ProbeJudge")
          throw new Error("the execution plane judges nothing");
        return this.#perform(message.work);
      case "ForgetRun":
        return this.#leave([this.#forget(message.run_id)]);
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
    const { work_id, nonce } = work;
    const envelope = { work_id, nonce, generation: this.#context.generation };
    switch (work.kind) {
      case "RunCoder": {
        const result = await this.#runOnce(work);
        const report = { kind: "RunCoder" as const, ...envelope, run_id: work.run_id, result };
        return this.#channel.send({ kind: "Report", report });
      }
      case "RunChecks": {
        const result = await heldOnFault(
          () => this.#stoppable(work.run_id, (signal) => this.#checkOnce(work, signal)),
          () => true,
        );
        const report = { kind: "RunChecks" as const, ...envelope, run_id: work.run_id, result };
        return this.#channel.send({ kind: "Report", report });
      }
      case "ProbeEngine": {
        const detail = await this.#engineTrouble();
        const report = { kind: "ProbeEngine" as const, ...envelope, available: detail === null, detail };
        return this.#channel.send({ kind: "Report", report });
      }
      case "TryRepository": {
        const result = await heldOnFault(
          () => this.#stoppable(work.run_id, (signal) => this.#tryOnce(work, signal)),
          () => true,
        );
        const report = { kind: "TryRepository" as const, ...envelope, result };
        return this.#channel.send({ kind: "Report", report });
      }
      case "ProbeCoder": {
        const { probeCoder } = await import("./coder/probe-coder.ts");
        const report = { kind: "ProbeCoder" as const, ...envelope, ...(await probeCoder(work, this.#context)) };
        return this.#channel.send({ kind: "Report", report });
      }
    }
  }

  /** One performer per run: work that comes again while it runs gets the same end. */
  async #runOnce(work: RunCoder): Promise<RunResult> {
    const running = this.#active.get(work.run_id);
    if (running !== undefined) return running.ended;
    const handle: RunHandle = { stopped: false, stop: () => undefined };
    const spent = { indexPath: journalPathOf(this.#context.home, work.run_id), limits: work.gateway };
    const ended = heldOnFault(
      async () => (await import("./coder/run-coder.ts")).performRunCoder(work, this.#context, handle),
      () => isFree(work, this.#context),
    )
      .then((result) => withSpent(result, spent))
      .finally(() => this.#active.delete(work.run_id));
    this.#active.set(work.run_id, { handle, ended });
    return ended;
  }

  async #checkOnce(work: RunChecks, signal: AbortSignal): Promise<RunChecksReport["result"]> {
    return (await import("./checks/perform.ts")).performRunChecks(work, this.#context, signal);
  }

  async #tryOnce(work: TryRepository, signal: AbortSignal): Promise<TryRepositoryReport["result"]> {
    return (await import("./checks/try-repository.ts")).performTryRepository(work, this.#context, signal);
  }

  /** Checks of a run that is stopped end early; nobody waits for their report. */
  async #stoppable<T>(runId: string, perform: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const abort = new AbortController();
    const performed = perform(abort.signal);
    // Whatever came of it: only that its containers are gone matters to who waits.
    const stoppable: Stoppable = { abort, gone: Promise.allSettled([performed]) };
    const underWay = this.#checks.get(runId) ?? new Set();
    this.#checks.set(runId, underWay.add(stoppable));
    try {
      return await performed;
    } finally {
      underWay.delete(stoppable);
      if (underWay.size === 0) this.#checks.delete(runId);
    }
  }

  async #forget(runId: string): Promise<void> {
    const running = this.#active.get(runId);
    if (running !== undefined) {
      running.handle.stopped = true;
      running.handle.stop();
      await running.ended;
    }
    try {
      await forgetRun(runId, this.#context);
    } catch (error) {
      // The engine is away: the next start reaps what stays.
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

/** A run costs nothing before its container may have started; a lost engine is free too, because the same container is taken up again. */
function isFree(work: RunCoder, context: RunnerContext): boolean {
  try {
    return readStage(runFolder(context, work.run_id).stagePath)?.stage !== "running";
  } catch (error) {
    // Of a run whose stage can't be read nothing is guessed, least of all that it was free.
    if (error instanceof Fault) return false;
    throw error;
  }
}

/** Every failure of the world becomes a held report here. */
async function heldOnFault<T>(perform: () => Promise<T>, isFreeNow: () => boolean): Promise<T | HeldReport> {
  try {
    return await perform();
  } catch (error) {
    const fault = faultOf(error);
    const code = holdCodeSchema.safeParse(fault.code).data;
    return {
      outcome: "held",
      code: code ?? "HOLD-CODER-FAILED",
      detail: (fault.detail ?? `${code === undefined ? `${fault.code}: ` : ""}${fault.message}`).slice(0, lineCharsMax),
      resumes_at: null,
      retry_free: code === "HOLD-DOCKER-UNAVAILABLE" || isFreeNow(),
      usage: noUsage,
      journal: null,
      patch: null,
      exit_code: null,
    };
  }
}

function faultOf(error: unknown): Fault {
  if (error instanceof Fault) return error;
  if (error instanceof Error && "code" in error && typeof error.code === "string") {
    const code = error.code === "ENOSPC" || error.code === "EDQUOT" ? "HOLD-DISK-LOW" : error.code;
    return new Fault(code, error.message, { cause: error });
  }
  throw error;
}
