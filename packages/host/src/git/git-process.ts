/**
 * Starts git as a separate process, ends it in time and collects its output. It decides nothing: the caller gives arguments, environment and time limit.
 * It uses `child_process` directly, because a landing is mostly a row of short git calls.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as delay } from "node:timers/promises";

/** The time between SIGTERM, on which git removes its locks and temporary packs, and SIGKILL. */
const killAfterMs = 2_000;
const measureEveryMs = 100;

/** Process groups of running calls that do not outlive their caller. */
const groups = new Set<number>();

export interface GitStart {
  readonly args: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly input: string | Uint8Array | AsyncIterable<Uint8Array | string> | undefined;
  /** The bytes that git reads on descriptor 3, which is then closed. */
  readonly record: Uint8Array | undefined;
  /** The most bytes of each output stream; git is stopped beyond that. */
  readonly outputBytesMax: number;
  /** After this time, git and everything that it started are ended. */
  readonly timeoutMs: number;
  /** git is ended once the packs that it receives in this folder have more bytes. */
  readonly received?: { readonly folder: string; readonly bytesMax: number } | undefined;
  /** True: it continues if its caller ends, because nobody would know whether an interrupted push arrived. */
  readonly outlivesCaller: boolean;
}

/** How the process ended. `exitCode` null: it did not start, or a signal ended it. */
export interface GitEnd {
  readonly exitCode: number | null;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  readonly printedTooMuch: boolean;
  /** True: it reached its time limit. */
  readonly expired: boolean;
  /** True: it received more than allowed. */
  readonly receivedTooMuch: boolean;
  readonly notStarted: string;
  /** True: the process that started git died, and git was ended; the same call may work again. */
  readonly isLost: boolean;
  /** An error that the caller's input threw: incomplete input must not count as complete. */
  readonly inputError: unknown;
  /** Why git's output could not be read: incomplete output must not count as complete. */
  readonly unread: string;
}

const nothing: GitEnd = {
  exitCode: null,
  stdout: Buffer.alloc(0),
  stderr: Buffer.alloc(0),
  printedTooMuch: false,
  expired: false,
  receivedTooMuch: false,
  notStarted: "",
  isLost: false,
  inputError: undefined,
  unread: "",
};

/** Ends a git process whose starter died, with everything that it started; resolves once that is done. 0: its process id is not known. Never rejects. */
export async function endLost(pid: number): Promise<GitEnd> {
  signalGroup(pid, "SIGTERM");
  const until = performance.now() + killAfterMs;
  while (isGroup(pid) && performance.now() < until) await delay(20);
  signalGroup(pid, "SIGKILL");
  while (isGroup(pid) && performance.now() < until + killAfterMs) await delay(20);
  return { ...nothing, isLost: true, notStarted: "the process that started it died" };
}

/** Never rejects. `onPid` is called once git runs. */
export async function startGit(start: GitStart, onPid?: (pid: number) => void): Promise<GitEnd> {
  const { input, record, timeoutMs } = start;
  let child: ChildProcess;
  try {
    child = spawn("git", start.args, {
      cwd: start.folder,
      env: start.environment,
      // git gets its own process group: transports and hooks end with git, and ssh has no terminal to prompt on.
      detached: true,
      stdio: [
        input === undefined ? "ignore" : "pipe",
        "pipe",
        "pipe",
        ...(record === undefined ? [] : ["pipe" as const]),
      ],
    });
  } catch (error) {
    return notStarted(error);
  }
  const { pid = 0 } = child;
  if (pid !== 0) onPid?.(pid);
  if (pid !== 0 && !start.outlivesCaller) groups.add(pid);
  let expired = false;
  const timers = [
    setTimeout(() => {
      expired = true;
      signalGroup(pid, "SIGTERM");
    }, timeoutMs),
    setTimeout(() => signalGroup(pid, "SIGKILL"), timeoutMs + killAfterMs),
  ];
  const { received } = start;
  let receivedTooMuch = false;
  const measure = () => {
    if (received === undefined || bytesReceived(received.folder) <= received.bytesMax) return;
    receivedTooMuch = true;
    signalGroup(pid, "SIGTERM");
  };
  const measuring = received === undefined ? undefined : setInterval(measure, measureEveryMs);
  const end = await endOf(child, start);
  for (const timer of timers) clearTimeout(timer);
  clearInterval(measuring);
  groups.delete(pid);
  return { ...end, expired, receivedTooMuch };
}

/** git removes its temporary pack when it is ended, and renames it when it is complete. */
function bytesReceived(folder: string): number {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith("tmp_")) : [];
  const sizes = names.map((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0);
  return sizes.reduce((sum, size) => sum + size, 0);
}

function notStarted(why: unknown): GitEnd {
  return { ...nothing, notStarted: messageOf(why) };
}

/** Ends every running call that does not outlive its caller. */
export function endGroups(): void {
  for (const pid of groups) signalGroup(pid, "SIGTERM");
}

function endOf(child: ChildProcess, { input, record, outputBytesMax }: GitStart): Promise<GitEnd> {
  const stop = () => child.kill("SIGTERM");
  // This comes first: if there are no descriptors left, nothing else of the child exists.
  const { promise, resolve } = Promise.withResolvers<GitEnd>();
  child.on("error", (error) => {
    if (child.pid === undefined) resolve(notStarted(error));
  });
  const stdout = collect(child.stdout, { bytesMax: outputBytesMax, stop });
  const stderr = collect(child.stderr, { bytesMax: outputBytesMax, stop });
  let inputError: unknown;
  let unread = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("error", (error) => {
      unread ||= messageOf(error);
      stop();
    });
  writeInput(child, input, (error) => {
    inputError = error;
    stop();
  });
  if (record !== undefined) endWith(child.stdio?.[3], record);
  child.once("close", (exitCode) => {
    const printedTooMuch = stdout.isOver() || stderr.isOver();
    const output = { stdout: stdout.bytes(), stderr: stderr.bytes(), printedTooMuch, unread };
    resolve({ ...nothing, exitCode, ...output, inputError });
  });
  return promise;
}

/** Output beyond the bound is read and dropped, so that git does not block before it stops. */
function collect(stream: Readable | null, { bytesMax, stop }: { bytesMax: number; stop: () => void }) {
  const chunks: Buffer[] = [];
  let size = 0;
  stream?.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size <= bytesMax) chunks.push(chunk);
    else stop();
  });
  return { isOver: () => size > bytesMax, bytes: () => Buffer.concat(chunks) };
}

function writeInput(child: ChildProcess, input: GitStart["input"], onError: (error: unknown) => void): void {
  const { stdin } = child;
  if (input === undefined || stdin === null) return;
  if (typeof input === "string" || input instanceof Uint8Array) {
    endWith(stdin, input);
    return;
  }
  // Input before a failure must not count as complete: git is stopped, and the caller told. If git ends, the source ends too, and that is no failure of it.
  const pieces = input[Symbol.asyncIterator]();
  const source: AsyncIterator<Uint8Array | string> = {
    next: async () => {
      try {
        return await pieces.next();
      } catch (error) {
        onError(error);
        throw error;
      }
    },
    return: async () => (await pieces.return?.()) ?? { done: true, value: undefined },
  };
  pipeline(Readable.from({ [Symbol.asyncIterator]: () => source }), stdin).catch(() => undefined);
}

/** git may end before it has read everything; its exit code tells. */
function endWith(stream: ChildProcess["stdio"][number], bytes: string | Uint8Array): void {
  if (stream === null || stream === undefined || !("end" in stream)) return;
  stream.on("error", () => undefined);
  stream.end(bytes);
}

function isGroup(pid: number): boolean {
  return signalGroup(pid, 0);
}

/** False: the group no longer exists. */
function signalGroup(pid: number, signal: "SIGTERM" | "SIGKILL" | 0): boolean {
  if (pid === 0) return false;
  try {
    return process.kill(-pid, signal);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Some systems refuse the signal for a group with only ended processes.
    if (code !== "ESRCH" && code !== "EPERM") throw error;
    return false;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
