/** Runs one plane as a child process with its own secrets, and accepts reports only on outstanding work (SECURITY T12). It knows nothing of events. */

import { type ChildProcess, fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createInterface } from "node:readline";
import type { FromPlane, PlaneReport, PlaneWork, ToPlane } from "@aedev/contracts";
import { fromPlaneSchema } from "@aedev/contracts/message";
import { complain, writeOfPlane } from "../logging/complain.ts";

export type PlaneName = "execution" | "judgement";

/** How a plane's process is started. */
export interface PlaneProcess {
  readonly entry: string;
  readonly execArguments: readonly string[];
  readonly environment: Record<string, string>;
}

export interface PlaneOptions extends PlaneProcess {
  readonly name: PlaneName;
  readonly generation: number;
  /** The first message, which carries the secrets given by environment variable. */
  readonly start: ToPlane;
  readonly onProgress: (message: RunMessage) => void;
  /** Called once, whatever ended the process. */
  readonly onExit: (cause: string) => void;
  /** Default: a plane that answers nothing for five minutes is killed. */
  readonly pings?: Pings;
}

/** How often a plane is asked for a sign of life, and after how many unanswered pings it is killed. */
export interface Pings {
  readonly everyMs: number;
  readonly unansweredMax: number;
}

/** Messages about a run that are not reports. */
export type RunMessage = Exclude<FromPlane, { kind: "Ready" | "Pong" | "Report" }>;

export interface Plane {
  readonly name: PlaneName;
  readonly generation: number;
  /** Null if the process never started. */
  readonly processId: number | null;
  /** Sends work under a fresh nonce and resolves with the report that returns it. Rejects if the plane ends first. */
  perform(work: Omit<PlaneWork, "nonce" | "generation">): Promise<PlaneReport>;
  send(message: ToPlane): void;
  /** Closes the channel, which tells the plane to exit, and kills it after `graceMs`. Resolves when the process has ended. */
  stop(graceMs: number): Promise<void>;
}

/** Longest line that a plane may print: far more than its record keeps, so that no secret is cut before it is redacted. */
const lineLengthMax = 64 * 1024;

const pingsByDefault: Pings = { everyMs: 20_000, unansweredMax: 15 };

interface Outstanding {
  readonly nonce: string;
  readonly resolve: (report: PlaneReport) => void;
  readonly reject: (cause: Error) => void;
}

/** Starts the process and resolves when it reports that it is ready. */
export async function startPlane(options: PlaneOptions): Promise<Plane> {
  const child = fork(options.entry, [], {
    execArgv: [...options.execArguments],
    env: options.environment,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    serialization: "json",
  });
  for (const output of [child.stdout, child.stderr])
    if (output !== null)
      createInterface({ input: output }).on("line", (line) =>
        writeOfPlane(options.name, "error", line.slice(0, lineLengthMax)),
      );
  const outstanding = new Map<string, Outstanding>();
  const ended = new Promise<void>((resolve) => {
    let isOver = false;
    const end = (cause: string) => {
      if (isOver) return;
      isOver = true;
      stopPings();
      for (const work of outstanding.values()) work.reject(new PlaneEnded(cause, { duringWork: true }));
      outstanding.clear();
      options.onExit(cause);
      resolve();
    };
    child.once("exit", (code, signal) => end(`the ${options.name} plane ended (${signal ?? `exit ${code}`})`));
    // A send to a process that has just died raises an error before its exit event; a process that never started has no exit event.
    child.on("error", (error) => {
      if (child.pid === undefined) end(`the ${options.name} plane can't be started: ${error.message}`);
      else child.kill("SIGKILL");
    });
  });
  const stopPings = killIfStuck(child, options);
  const ready = waitForReady(child, ended, options);
  child.on("message", (raw) => receiveMessage(raw, { child, options, outstanding }));
  child.send(options.start);
  await ready;
  return {
    name: options.name,
    generation: options.generation,
    processId: child.pid ?? null,
    perform: (work) => performWork(work, { child, options, outstanding }),
    send: (message) => {
      if (child.connected) child.send(message);
    },
    stop: (graceMs) => stopProcess(child, ended, graceMs),
  };
}

/** The plane ended before it reported. The work is still pending and goes to the next generation. */
export class PlaneEnded extends Error {
  /** False if the work never reached the plane. */
  readonly duringWork: boolean;

  constructor(message: string, { duringWork }: { duringWork: boolean } = { duringWork: false }) {
    super(message);
    this.duringWork = duringWork;
  }
}

interface Channel {
  readonly child: ChildProcess;
  readonly options: PlaneOptions;
  readonly outstanding: Map<string, Outstanding>;
}

function performWork(
  work: Omit<PlaneWork, "nonce" | "generation">,
  { child, options, outstanding }: Channel,
): Promise<PlaneReport> {
  if (!child.connected) return Promise.reject(new PlaneEnded(`the ${options.name} plane is not running`));
  const nonce = randomBytes(16).toString("hex");
  const startedAtMs = performance.now();
  const { work_id } = work;
  const log = (text: string) =>
    writeOfPlane(options.name, "info", text, { work_id, ms: Math.round(performance.now() - startedAtMs) });
  writeOfPlane(options.name, "info", "work began", { work_id });
  return new Promise((resolve, reject) => {
    const settled = {
      resolve(report: PlaneReport) {
        log("work ended");
        resolve(report);
      },
      reject(cause: Error) {
        log("work was lost with its process");
        reject(cause);
      },
    };
    outstanding.set(work.work_id, { nonce, ...settled });
    child.send({ kind: "Work", work: { ...work, nonce, generation: options.generation } });
  });
}

/** Ends a plane that sends an invalid message or a report on work that is not outstanding. */
function receiveMessage(raw: unknown, { child, options, outstanding }: Channel): void {
  const parsed = fromPlaneSchema.safeParse(raw);
  if (!parsed.success) {
    complain(`the ${options.name} plane sent an invalid message: ${parsed.error.message}`);
    child.kill("SIGKILL");
    return;
  }
  const message = parsed.data;
  if (message.kind === "Ready" || message.kind === "Pong") return;
  if (message.kind !== "Report") {
    options.onProgress(message);
    return;
  }
  const { report } = message;
  const work = outstanding.get(report.work_id);
  if (work === undefined || work.nonce !== report.nonce || report.generation !== options.generation) {
    complain(`the ${options.name} plane reported on ${report.work_id}, which is not outstanding`);
    return;
  }
  outstanding.delete(report.work_id);
  work.resolve(report);
}

/**
 * Kills a plane whose event loop stands still, which would keep its work for ever. It counts pings, not time, because no ping is due while this process or the
 * machine sleeps. Returns the function that stops it.
 */
function killIfStuck(child: ChildProcess, { name, pings = pingsByDefault }: PlaneOptions): () => void {
  let unanswered = 0;
  child.on("message", () => {
    unanswered = 0;
  });
  const timer = setInterval(() => {
    if (unanswered >= pings.unansweredMax) {
      clearInterval(timer);
      complain(`the ${name} plane answers nothing; it is killed and started again`);
      child.kill("SIGKILL");
    } else if (child.connected) {
      unanswered += 1;
      child.send({ kind: "Ping" } satisfies ToPlane);
    }
  }, pings.everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

function waitForReady(child: ChildProcess, ended: Promise<void>, options: PlaneOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const tooEarly = `the ${options.name} plane ended before it was ready; what it printed: aedev daemon logs`;
    void ended.then(() => reject(new PlaneEnded(tooEarly)));
    const onMessage = (raw: unknown) => {
      const parsed = fromPlaneSchema.safeParse(raw);
      if (!parsed.success || parsed.data.kind !== "Ready" || parsed.data.generation !== options.generation) return;
      child.off("message", onMessage);
      resolve();
    };
    child.on("message", onMessage);
  });
}

async function stopProcess(child: ChildProcess, ended: Promise<void>, graceMs: number): Promise<void> {
  if (child.connected) child.disconnect();
  const timer = setTimeout(() => child.kill("SIGKILL"), graceMs);
  await ended;
  clearTimeout(timer);
}
