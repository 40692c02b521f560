/** Runs one shell command in a clean container with every limit of the sandbox. It knows nothing about tests. Contract: it always removes the container. */
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { Fault, type RunLimits } from "@aedev/contracts";
import type { RunnerContext } from "./context.ts";
import type { ContainerOutput, Mount } from "./engine.ts";
import { sandboxHome, sandboxName } from "./sandbox-user.ts";
import type { SeccompKind } from "./seccomp.ts";
import { type Excess, watchFolders } from "./watch-folders.ts";

/** If the shell was killed, the end marks may still arrive within this time; if the command killed it, they never do. */
const killedPatienceMs = 5000;
const signalExitCode = 128;
const outputPauseMs = 50;
/** At most this much of a container's output, or of a report in a file, is read: `go test -json` prints 1.2 KB per test. Of longer output the start is lost. */
export const outputBytesMax = 32 * 1024 * 1024;

export interface ShellRun {
  command: string;
  imageId: string;
  environment: Readonly<Record<string, string>>;
  mounts: readonly Mount[];
  /** A writable mount through which the shell gets its text, so that no process list shows it (SECURITY T29). */
  textMount?: Mount;
  /** In-memory folders besides `/tmp` and the home. */
  tmpfs?: readonly string[];
  workingFolder: string;
  /** By default `checks`. */
  seccomp?: SeccompKind;
  limits: RunLimits;
  timeoutMs: number;
  labels: Readonly<Record<string, string>>;
  signal?: AbortSignal;
  /** Opens access to the outside for the running container; closed after the container ends. */
  whileRunning?: (containerId: string) => Promise<{ close(): Promise<void> }>;
}

export interface ShellResult {
  /** Null if the command was stopped. */
  exitCode: number | null;
  timedOut: boolean;
  /** Why the command was stopped (null also after a timeout), or why its result is incomplete. */
  stopped: string | null;
  durationMs: number;
  /** The printed output: stdout and, unless the command redirects it, stderr. */
  output: string;
  /** At least this many bytes are missing at its start. */
  omittedBytes: number;
  /** False if the end of `output` is missing although the command ended. Then `stopped` says so, and a retry can help. */
  isWhole: boolean;
  /** `stopped` says so too. */
  outOfMemory: boolean;
  /** The shell was killed, but not for lack of memory: by the command itself or from outside. Then `isWhole` is false too. */
  wasKilled: boolean;
}

/** The result of work cancelled before its turn, for which no container is made. */
const cancelledBefore: ShellResult = {
  exitCode: null,
  timedOut: false,
  stopped: "it was cancelled",
  durationMs: 0,
  output: "",
  omittedBytes: 0,
  isWhole: true,
  outOfMemory: false,
  wasKilled: false,
};

/** Runs `command` with the image's `/bin/sh`. Failures of the engine and an almost full disk are thrown as Faults; all else is a value. */
export async function runShell(run: ShellRun, context: RunnerContext): Promise<ShellResult> {
  const { docker, user } = context;
  if (run.signal?.aborted) return cancelledBefore;
  const mark = `end-${randomBytes(12).toString("hex")}`;
  const id = await docker.create({
    imageId: run.imageId,
    entrypoint: ["/bin/sh", "-c"],
    command: [shellText(run, mark)],
    environment: { ...userEnvironment, LANG: "C.UTF-8", TZ: "UTC", CI: "true", ...run.environment },
    mounts: run.mounts,
    tmpfs: ["/tmp", sandboxHome, ...(run.tmpfs ?? [])],
    user: `${user.uid}:${user.gid}`,
    workingFolder: run.workingFolder,
    seccomp: run.seccomp ?? "checks",
    labels: { "aedev.home": context.homeId, "aedev.kind": "checks", ...run.labels },
    limits: run.limits,
  });
  let opened: { close(): Promise<void> } | undefined;
  try {
    const started = performance.now();
    await docker.start(id);
    opened = await run.whileRunning?.(id);
    const watch = watchRun(run);
    const ended = await docker.wait(id, { timeoutMs: run.timeoutMs, signal: watch.signal }).finally(watch.stop);
    const durationMs = Math.round(performance.now() - started);
    if (ended === "timeout") await docker.kill(id);
    if (watch.lacksDisk()) throw diskLow();
    const state = await docker.inspect(id);
    const exitCode = ended === "timeout" ? null : ended;
    const { text, omittedBytes, hasEnd } = await wholeOutput(
      { id, mark, exitCode, patienceMs: run.limits.docker_deadline_ms },
      context,
    );
    const outOfMemory = state?.outOfMemory ?? false;
    const stopped = watch.reason() ?? (outOfMemory ? "it ran out of memory" : hasEnd ? null : missingEnd(exitCode));
    return {
      exitCode,
      timedOut: ended === "timeout" && stopped === null,
      stopped,
      durationMs,
      output: text,
      omittedBytes,
      isWhole: hasEnd || outOfMemory,
      outOfMemory: outOfMemory && watch.reason() === null,
      wasKilled: !hasEnd && !outOfMemory && isSignal(exitCode),
    };
  } finally {
    await opened?.close();
    await docker.remove(id);
  }
}

/** Set as by a login. */
const userEnvironment = { HOME: sandboxHome, USER: sandboxName, LOGNAME: sandboxName };

/** The command, with marks before and after it. */
function shellText({ command, textMount }: ShellRun, mark: string): string {
  // Runs in a subshell, so that an `exit` in the command does not skip the end mark.
  const text = `printf '%s\\n' ${startMark(mark)}\n(\n${command}\n)\nstatus=$?\nprintf '\\n%s\\n' ${mark}\nprintf '%s\\n' ${errorsMark(mark)} >&2\nexit $status`;
  if (textMount === undefined) return text;
  const name = randomBytes(6).toString("hex");
  const path = `${textMount.target}/${name}`;
  writeFileSync(join(textMount.source, name), `rm -f ${path}\n${text}`, { mode: 0o644, flag: "wx" });
  return `eval "$(cat ${path})"`;
}

const errorsMark = (mark: string) => `errors-${mark}`;
const startMark = (mark: string) => `start-${mark}`;

/**
 * When the engine reports a container's end, it may still be storing output; it keeps no order between the two streams, and on a machine that stalls for
 * seconds it drops the rest. Only a mark at the end of both streams proves that the output is complete.
 */
async function wholeOutput(
  options: { id: string; mark: string; exitCode: number | null; patienceMs: number },
  context: RunnerContext,
): Promise<ContainerOutput & { hasEnd: boolean }> {
  const patienceMs = isSignal(options.exitCode) ? Math.min(killedPatienceMs, options.patienceMs) : options.patienceMs;
  const deadline = performance.now() + (options.exitCode === null ? 0 : patienceMs);
  const marks = [`${errorsMark(options.mark)}\n`, `\n${options.mark}\n`];
  for (;;) {
    const output = await context.docker.output(options.id, outputBytesMax);
    const isWhole = marks.every((mark) => output.text.includes(mark));
    if (isWhole || performance.now() >= deadline) {
      const start = `${startMark(options.mark)}\n`;
      const text = [start, ...marks].reduce((rest, mark) => rest.replaceAll(mark, ""), output.text);
      // The engine itself keeps less if the lines are short, and does not say how much it dropped.
      const isHeadLost = isWhole && output.omittedBytes === 0 && !output.text.includes(start);
      if (isHeadLost) return { text, omittedBytes: 1, hasEnd: true };
      // A stopped command prints no marks.
      return { ...output, text, hasEnd: isWhole || options.exitCode === null };
    }
    await setTimeout(outputPauseMs);
  }
}

const isSignal = (exitCode: number | null): boolean => exitCode !== null && exitCode > signalExitCode;

function missingEnd(exitCode: number | null): string {
  return isSignal(exitCode) ? "its shell was killed before it finished" : "the engine lost the end of its output";
}

/** Removes containers with these labels that an earlier process of this plane left behind. */
export async function removeLeftovers(labels: Readonly<Record<string, string>>, context: RunnerContext): Promise<void> {
  const found = await context.docker.list({ "aedev.home": context.homeId, "aedev.kind": "checks", ...labels });
  for (const { id } of found) await context.docker.remove(id);
}

/** Aborts `signal` once the writable mounts exceed the run's limits. */
function watchRun(run: ShellRun): {
  signal: AbortSignal;
  stop: () => void;
  reason: () => string | null;
  lacksDisk: () => boolean;
} {
  const abort = new AbortController();
  const folders = run.mounts.filter((mount) => !mount.readOnly).map((mount) => mount.source);
  let reason: string | null = null;
  const stopFor = (why: string) => {
    reason ??= why;
    abort.abort();
  };
  const cancelled = () => stopFor("it was cancelled");
  if (run.signal?.aborted) cancelled();
  run.signal?.addEventListener("abort", cancelled, { once: true });
  let lacksDisk = false;
  const excessTexts: Readonly<Record<Excess, string>> = {
    bytes: `it wrote more than ${run.limits.run_bytes} bytes: raise limits.run_bytes in config.yaml if that is not too much`,
    files: `it created more than ${run.limits.run_files} files: raise limits.run_files in config.yaml if that is not too much`,
    disk: "the disk is almost full",
    uncounted: "its folders could not be counted",
  };
  const watch = watchFolders(folders, run.limits, (excess) => {
    lacksDisk ||= excess === "disk";
    stopFor(excessTexts[excess]);
  });
  const stop = () => {
    watch.close();
    run.signal?.removeEventListener("abort", cancelled);
  };
  return { signal: abort.signal, stop, reason: () => reason, lacksDisk: () => lacksDisk };
}

function diskLow(): Fault {
  return new Fault("HOLD-DISK-LOW", "the disk became almost full while a command ran", { retry: true });
}
