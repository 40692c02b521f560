/**
 * One shell command in one clean container with every limit of the sandbox: wall clock, bytes and file count watched from outside,
 * output kept and capped. Knows nothing of tests. Contract: when it returns or throws, the container is dead and gone.
 */
import { randomBytes } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import type { RunLimits } from "@aedev/core/wire";
import type { RunnerContext } from "../context.ts";
import type { ContainerOutput, Mount } from "../engine.ts";
import { lacksRoom, writtenSize } from "../worktree/written-size.ts";

const watchPauseMs = 500;
/** The marks never come where the command killed the shell that prints them. */
const killedPatienceMs = 5000;
const signalExitCode = 128;
const outputPauseMs = 50;
/** The engine keeps this much of what a container prints; more drops the head, which every report parser notices. */
export const outputBytesMax = 8 * 1024 * 1024;

export interface ShellRun {
  command: string;
  imageId: string;
  environment: Readonly<Record<string, string>>;
  mounts: readonly Mount[];
  /** Folders in memory beside `/tmp` and the home. */
  tmpfs?: readonly string[];
  workingFolder: string;
  network: "none";
  limits: RunLimits;
  timeoutMs: number;
  labels: Readonly<Record<string, string>>;
  signal?: AbortSignal;
  /** Opens what the running container needs from outside; closed when it has ended. */
  whileRunning?: (containerId: string) => Promise<{ close(): Promise<void> }>;
}

export interface ShellResult {
  /** Null where it was stopped. */
  exitCode: number | null;
  timedOut: boolean;
  /** Why it was stopped other than by the clock, or what else makes its end no answer. */
  stopped: string | null;
  durationMs: number;
  /** What it printed, stdout only where the command sends stderr elsewhere. */
  output: string;
  omittedBytes: number;
  /** False where the end of `output` is missing although the command ended; `stopped` then says so, and another try may bring it. */
  isWhole: boolean;
}

/** Of what was cancelled before its turn no container is made. */
const cancelledBefore: ShellResult = {
  exitCode: null,
  timedOut: false,
  stopped: "it was cancelled",
  durationMs: 0,
  output: "",
  omittedBytes: 0,
  isWhole: true,
};

/** Runs `command` by the image's `/bin/sh`. Faults of the engine are thrown; everything the command does is a value. */
export async function runShell(run: ShellRun, context: RunnerContext): Promise<ShellResult> {
  const { docker, user } = context;
  if (run.signal?.aborted) return cancelledBefore;
  const mark = `end-${randomBytes(12).toString("hex")}`;
  const id = await docker.create({
    imageId: run.imageId,
    entrypoint: ["/bin/sh", "-c"],
    // In a subshell, so that an `exit` of the command's own does not skip the mark.
    command: [
      `(\n${run.command}\n)\nstatus=$?\nprintf '\\n%s\\n' ${mark}\nprintf '%s\\n' ${errorsMark(mark)} >&2\nexit $status`,
    ],
    environment: { HOME: "/home/agent", LANG: "C.UTF-8", TZ: "UTC", CI: "true", ...run.environment },
    mounts: run.mounts,
    tmpfs: ["/tmp", "/home/agent", ...(run.tmpfs ?? [])],
    user: `${user.uid}:${user.gid}`,
    workingFolder: run.workingFolder,
    network: run.network,
    labels: { "aedev.home": context.homeId, "aedev.kind": "checks", ...run.labels },
    limits: run.limits,
  });
  let opened: { close(): Promise<void> } | undefined;
  try {
    const started = performance.now();
    await docker.start(id);
    opened = await run.whileRunning?.(id);
    const watch = watchFolders(run);
    const ended = await docker.wait(id, { timeoutMs: run.timeoutMs, signal: watch.signal }).finally(watch.stop);
    const durationMs = Math.round(performance.now() - started);
    if (ended === "timeout") await docker.kill(id);
    const state = await docker.inspect(id);
    const exitCode = ended === "timeout" ? null : ended;
    const { text, omittedBytes, hasEnd } = await wholeOutput(
      { id, mark, exitCode, patienceMs: run.limits.docker_deadline_ms },
      context,
    );
    const stopped =
      watch.reason() ?? (state?.outOfMemory ? "it ran out of memory" : hasEnd ? null : missingEnd(exitCode));
    return {
      exitCode,
      timedOut: ended === "timeout" && stopped === null,
      stopped,
      durationMs,
      output: text,
      omittedBytes,
      isWhole: hasEnd || wasKilled(exitCode),
    };
  } finally {
    await opened?.close();
    await docker.remove(id);
  }
}

const errorsMark = (mark: string) => `errors-${mark}`;

/**
 * The engine may still be writing down what a container printed when it says that it has ended, it keeps no order between the two streams, and
 * on a machine that stands still for seconds it gives up on the rest: a mark on each says that all is there. Without them what is there
 * is never taken for all that was printed.
 */
async function wholeOutput(
  of: { id: string; mark: string; exitCode: number | null; patienceMs: number },
  context: RunnerContext,
): Promise<ContainerOutput & { hasEnd: boolean }> {
  const patienceMs = wasKilled(of.exitCode) ? Math.min(killedPatienceMs, of.patienceMs) : of.patienceMs;
  const deadline = performance.now() + (of.exitCode === null ? 0 : patienceMs);
  const marks = [`${errorsMark(of.mark)}\n`, `\n${of.mark}\n`];
  for (;;) {
    const output = await context.docker.output(of.id, outputBytesMax);
    const isWhole = marks.every((mark) => output.text.includes(mark));
    if (isWhole || performance.now() >= deadline) {
      const text = marks.reduce((rest, mark) => rest.replaceAll(mark, ""), output.text);
      // What was stopped has no end that could be missing.
      return { ...output, text, hasEnd: isWhole || of.exitCode === null };
    }
    await setTimeout(outputPauseMs);
  }
}

const wasKilled = (exitCode: number | null): boolean => exitCode !== null && exitCode > signalExitCode;

function missingEnd(exitCode: number | null): string {
  return wasKilled(exitCode)
    ? "its shell was killed before its end"
    : "the engine did not hand over the end of what it printed";
}

/** Removes containers of these labels that an earlier life of this plane left behind. */
export async function removeLeftovers(labels: Readonly<Record<string, string>>, context: RunnerContext): Promise<void> {
  const found = await context.docker.list({ "aedev.home": context.homeId, "aedev.kind": "checks", ...labels });
  for (const { id } of found) await context.docker.remove(id);
}

/** Aborts `signal` once the writable mounts hold more than the run may. */
function watchFolders(run: ShellRun): { signal: AbortSignal; stop: () => void; reason: () => string | null } {
  const abort = new AbortController();
  const bounds = { bytes: run.limits.run_bytes, entries: run.limits.run_files };
  const folders = run.mounts.filter((mount) => !mount.readOnly).map((mount) => mount.source);
  let reason: string | null = null;
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  const stopFor = (why: string) => {
    if (isOver) return;
    reason ??= why;
    abort.abort();
  };
  const cancelled = () => stopFor("it was cancelled");
  if (run.signal?.aborted) cancelled();
  run.signal?.addEventListener("abort", cancelled, { once: true });
  const look = async (): Promise<void> => {
    const size = await writtenSize(folders, bounds);
    if (size.bytes > bounds.bytes) stopFor(`it wrote more than ${bounds.bytes} bytes`);
    else if (size.entries > bounds.entries) stopFor(`it made more than ${bounds.entries} files`);
    else if (await lacksRoom(folders[0], run.limits)) stopFor("too little of the disk stayed free");
    else if (!isOver) schedule();
  };
  const schedule = () => {
    timer = globalThis.setTimeout(() => {
      look().catch((error: unknown) => stopFor(`its folders could not be counted: ${String(error).slice(0, 200)}`));
    }, watchPauseMs);
  };
  schedule();
  const stop = () => {
    isOver = true;
    clearTimeout(timer);
    run.signal?.removeEventListener("abort", cancelled);
  };
  return { signal: abort.signal, stop, reason: () => reason };
}
