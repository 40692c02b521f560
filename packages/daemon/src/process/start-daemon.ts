/** Starts, stops and finds a home's daemon process. The home's lock decides whether the daemon is running; its record only names port and process. */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync } from "node:fs";
import { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { Fault, failureCodeSchema, isFault, nullOn } from "@aedev/contracts";
import { trustedSocket } from "@aedev/host/api-socket";
import { readIfThere } from "@aedev/host/durable-file";
import { homeLayout } from "@aedev/host/home-layout";
import { request } from "@aedev/host/node-http";
import { assertPrivateHome } from "@aedev/host/private-home";
import { z } from "zod";
import { readDaemonRecord } from "../home/daemon-record.ts";
import { takeLock } from "../home/lock.ts";
import { sortEnvironmentSecrets } from "../home/secrets.ts";
import { daemonEnvironment } from "../planes/scrubbed-environment.ts";
import { readLogs } from "../reader/daemon-logs.ts";
import { daemonArguments } from "../supervisor/service-plan.ts";
import { installedService, type Supervisor } from "../supervisor/supervisor.ts";

/** Time limit for a start until `/health` answers, and for a stop until the last of the three processes has ended. */
const startTimeoutMs = 60_000;
const stopTimeoutMs = 60_000;
/** A killed process is gone at once. */
const killTimeoutMs = 5_000;
const healthTimeoutMs = 5_000;

const readySchema = z.union([
  z.strictObject({ ready: z.literal(true), port: z.int() }),
  z.strictObject({ ready: z.literal(false), code: failureCodeSchema, error: z.string(), hint: z.string().nullable() }),
]);

export interface DaemonEndpoint {
  readonly port: number;
  readonly pid: number;
}

/**
 * Starts the daemon in the background, through its service if installed, and resolves when `/health` answers. A running daemon is left alone. Throws a Fault
 * with the cause.
 */
export async function startDaemon({
  home,
  environment,
}: {
  home: string;
  environment: NodeJS.ProcessEnv;
}): Promise<DaemonEndpoint> {
  assertPrivateHome(home);
  const running = await daemonStatus({ home });
  if (running.place !== null) return running.place;
  mkdirSync(homeLayout(home).logs, { recursive: true, mode: 0o700 });
  const logPath = homeLayout(home).planeLog("daemon");
  const service = installedService({ home, environment });
  if (service !== null) return startService(home, service);
  const output = openSync(logPath, "a", 0o600);
  const child = spawn(process.execPath, daemonArguments(home), {
    detached: true,
    env: daemonEnvironment(environment),
    cwd: "/",
    stdio: ["pipe", output, output, "pipe"],
  });
  closeSync(output);
  child.stdin?.end(`${JSON.stringify({ secrets: sortEnvironmentSecrets(environment) })}\n`);
  const ready = await readiness(child, home);
  if (!ready.ready) throw new Fault(ready.code, ready.error, ready.hint === null ? {} : { hint: ready.hint });
  child.unref();
  if (child.pid === undefined || !(await answersHealth(home)))
    throw new Fault("daemon-silent", `the daemon started but /health does not answer; see ${logPath}`);
  return { port: ready.port, pid: child.pid };
}

async function startService(home: string, service: Supervisor): Promise<DaemonEndpoint> {
  await service.start();
  const { place } = await daemonStatus({ home });
  if (place !== null) return place;
  throw new Fault("daemon-silent", "the service started the daemon, but /health does not answer", {
    hint: "aedev daemon logs",
  });
}

/**
 * Stops the daemon, through its service if installed, and resolves when its processes have ended and the head is signed. A daemon that does not end within
 * `graceMs` is killed, which its log survives.
 */
export async function stopDaemon({
  home,
  environment,
  graceMs = stopTimeoutMs,
}: {
  home: string;
  environment: NodeJS.ProcessEnv;
  graceMs?: number;
}): Promise<"stopped" | "killed" | "not-running"> {
  const wasLocked = isLocked(home);
  // Stopped even while it waits to start a failed daemon again. If it does not answer, the signal stops the daemon, and no other is started.
  await installedService({ home, environment })?.stop().catch(nullOn("service-failed"));
  const { place, locked } = await daemonStatus({ home });
  if (!locked) return wasLocked ? "stopped" : "not-running";
  const record = place ?? readDaemonRecord(home);
  if (record === null)
    throw new Fault("daemon-unknown", "a daemon has locked this home but has not published its port yet", {
      hint: "wait a moment, then: aedev daemon stop",
    });
  if (place === null && whoHas(record.pid, home) === "another")
    throw new Fault("daemon-unknown", `a daemon has locked this home, but not the recorded process ${record.pid}`, {
      hint: "wait a moment, then: aedev daemon stop",
    });
  process.kill(record.pid, "SIGTERM");
  if (await hasEnded(home, record.pid, graceMs)) return "stopped";
  if (whoHas(record.pid, home) === "our daemon") process.kill(record.pid, "SIGKILL");
  if (await hasEnded(home, record.pid, killTimeoutMs)) return "killed";
  throw new Fault("daemon-stuck", `the daemon (process ${record.pid}) has not ended after ${graceMs / 1000} s`, {
    hint: `kill -KILL ${record.pid}`,
  });
}

async function hasEnded(home: string, pid: number, withinMs: number): Promise<boolean> {
  const deadlineMs = performance.now() + withinMs;
  while (isLocked(home) || isAlive(pid)) {
    if (performance.now() > deadlineMs) return false;
    await delay(50);
  }
  return true;
}

/** In a checkout and in the package. */
const daemonPrograms = /\/(?:packages\/daemon\/src\/main\.ts|dist\/daemon-main\.mjs)$/u;

/** Who has the recorded process id now, since the system may have given it to another process. `unseen`: nobody can tell without `/proc`. */
function whoHas(pid: number, home: string): "our daemon" | "another" | "unseen" {
  if (!isAlive(pid)) return "another";
  const line = readIfThere(`/proc/${pid}/cmdline`)?.split("\0");
  if (line === undefined) return "unseen";
  const isDaemon = line.includes(home) && line.some((argument) => daemonPrograms.test(argument));
  return isDaemon ? "our daemon" : "another";
}

/** `locked`: a process holds the home. `place`: the port at which it answers. */
export async function daemonStatus({
  home,
}: {
  home: string;
}): Promise<{ locked: boolean; place: DaemonEndpoint | null }> {
  const locked = isLocked(home);
  const record = readDaemonRecord(home);
  const answers = locked && record !== null && (await answersHealth(home));
  return { locked, place: answers ? record : null };
}

/** Tries to take the lock, because only the kernel knows whether it is held. */
function isLocked(home: string): boolean {
  if (!existsSync(homeLayout(home).lock)) return false;
  try {
    takeLock(home).release();
    return false;
  } catch (error) {
    if (isFault(error, "home-locked")) return true;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw error;
  }
}

function answersHealth(home: string): Promise<boolean> {
  const socketPath = trustedSocket(home);
  if (socketPath === undefined) return Promise.resolve(false);
  return new Promise((resolve) => {
    const asked = request({ socketPath, path: "/health", agent: false, timeout: healthTimeoutMs }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    asked.once("timeout", () => asked.destroy());
    asked.once("close", () => resolve(false));
    asked.once("error", () => resolve(false));
    asked.end();
  });
}

function readiness(child: ChildProcess, home: string): Promise<z.infer<typeof readySchema>> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      reject(
        new Fault("daemon-slow", `the daemon was not ready after ${startTimeoutMs / 1000} s`, {
          hint: "aedev daemon logs",
        }),
      );
    }, startTimeoutMs);
    let told = "";
    const pipe = child.stdio[3];
    if (!(pipe instanceof Readable)) throw new Error("descriptor 3 is a pipe");
    pipe.on("data", (bytes: Buffer) => {
      told += bytes.toString("utf8");
      if (!told.includes("\n")) return;
      clearTimeout(timer);
      child.removeAllListeners("exit");
      pipe.destroy();
      resolve(readySchema.parse(JSON.parse(told.split("\n")[0] ?? "")));
    });
    child.once("exit", (code) => {
      clearTimeout(timer);
      const words = readLogs({ home, lines: 3 })
        .map(({ message }) => message)
        .join(" ");
      reject(new Fault("daemon-died", `the daemon ended with exit ${code} before it was ready: ${words}`));
    });
  });
}
