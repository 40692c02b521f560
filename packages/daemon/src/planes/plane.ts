/**
 * One plane as a child process: started with its generation and its own secrets, given work with fresh nonces, believed only about work that
 * is outstanding (THREATS T12). It knows nothing of events; a plane that dies is reported and started anew by its owner.
 */
import { type ChildProcess, fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { closeSync, openSync } from "node:fs";
import { type FromPlane, fromPlaneSchema, type PlaneReport, type PlaneWork, type ToPlane } from "@aedev/core/wire";

export type PlaneName = "execution" | "judgement";

export interface PlaneOptions {
  readonly name: PlaneName;
  readonly generation: number;
  readonly entry: string;
  readonly execArguments: readonly string[];
  readonly environment: Record<string, string>;
  readonly logPath: string;
  /** First message; carries the secrets given by environment variable. */
  readonly start: ToPlane;
  readonly onProgress: (message: Extract<FromPlane, { kind: "Progress" | "Refusal" }>) => void;
  /** Called once when the process has ended, however it did. */
  readonly onExit: (cause: string) => void;
}

export interface Plane {
  readonly name: PlaneName;
  readonly generation: number;
  /** Gives work out under a fresh nonce; resolves with the report that carries it back. Rejects when the plane ends first. */
  perform(work: Omit<PlaneWork, "nonce" | "generation">): Promise<PlaneReport>;
  send(message: ToPlane): void;
  /** Closes the channel, which is the order to exit; resolves when the process has ended, killed after `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

interface Outstanding {
  readonly nonce: string;
  readonly resolve: (report: PlaneReport) => void;
  readonly reject: (cause: Error) => void;
}

/** Starts the process and resolves when it says it is ready. */
export async function startPlane(options: PlaneOptions): Promise<Plane> {
  const output = openSync(options.logPath, "a", 0o600);
  const child = fork(options.entry, [], {
    execArgv: [...options.execArguments],
    env: options.environment,
    stdio: ["ignore", output, output, "ipc"],
    serialization: "json",
  });
  closeSync(output);
  const outstanding = new Map<string, Outstanding>();
  const ended = new Promise<void>((resolve) => {
    let isOver = false;
    const end = (cause: string) => {
      if (isOver) return;
      isOver = true;
      for (const work of outstanding.values()) work.reject(new PlaneEnded(cause, { duringWork: true }));
      outstanding.clear();
      options.onExit(cause);
      resolve();
    };
    child.once("exit", (code, signal) => end(`the ${options.name} plane ended (${signal ?? `exit ${code}`})`));
    // A message to a process that has just died fails aloud, and its end follows; one that never was has no other end.
    child.on("error", (error) => {
      if (child.pid === undefined) end(`the ${options.name} plane can't be started: ${error.message}`);
      else child.kill("SIGKILL");
    });
  });
  const ready = waitForReady(child, ended, options);
  child.on("message", (raw) => receive(raw, { child, options, outstanding }));
  child.send(options.start);
  await ready;
  return {
    name: options.name,
    generation: options.generation,
    perform: (work) => perform(work, { child, options, outstanding }),
    send: (message) => {
      if (child.connected) child.send(message);
    },
    stop: (graceMs) => stop(child, ended, graceMs),
  };
}

/** The plane ended before it reported: the work is owed still and goes to the next generation. */
export class PlaneEnded extends Error {
  /** False where the work never reached the plane. */
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

function perform(
  work: Omit<PlaneWork, "nonce" | "generation">,
  { child, options, outstanding }: Channel,
): Promise<PlaneReport> {
  if (!child.connected) return Promise.reject(new PlaneEnded(`the ${options.name} plane is not running`));
  const nonce = randomBytes(16).toString("hex");
  return new Promise((resolve, reject) => {
    outstanding.set(work.work_id, { nonce, resolve, reject });
    child.send({ kind: "Work", work: { ...work, nonce, generation: options.generation } });
  });
}

/** A message that is not of the wire, or reports what is not outstanding, is not believed: a plane that speaks so is ended. */
function receive(raw: unknown, { child, options, outstanding }: Channel): void {
  const parsed = fromPlaneSchema.safeParse(raw);
  if (!parsed.success) {
    process.stderr.write(`aedev: a message of the ${options.name} plane is not of the wire: ${parsed.error.message}\n`);
    child.kill("SIGKILL");
    return;
  }
  const message = parsed.data;
  if (message.kind === "Ready") return;
  if (message.kind !== "Report") {
    options.onProgress(message);
    return;
  }
  const { report } = message;
  const work = outstanding.get(report.work_id);
  if (work === undefined || work.nonce !== report.nonce || report.generation !== options.generation) {
    process.stderr.write(
      `aedev: a report of the ${options.name} plane for ${report.work_id} is not for outstanding work\n`,
    );
    return;
  }
  outstanding.delete(report.work_id);
  work.resolve(report);
}

function waitForReady(child: ChildProcess, ended: Promise<void>, options: PlaneOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const tooEarly = `the ${options.name} plane ended before it was ready; its words are in ${options.logPath}`;
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

async function stop(child: ChildProcess, ended: Promise<void>, graceMs: number): Promise<void> {
  if (child.connected) child.disconnect();
  const timer = setTimeout(() => child.kill("SIGKILL"), graceMs);
  await ended;
  clearTimeout(timer);
}
