/**
 * The one file that calls git on the host (THREATS T1, T3, T18): argument lists only, our configuration only, an environment of our own.
 * Contract: no caller passes a folder that an agent wrote to, neither as git directory, work tree nor current folder.
 */
import { mkdirSync } from "node:fs";
import { Readable } from "node:stream";
import { Fault, gitSafeEnvironment, gitSafeFlags } from "@aedev/core/wire";
import { execa } from "execa";

const defaultTimeoutMs = 120_000;
const defaultOutputBytesMax = 256 * 1024 * 1024;

export interface GitOptions {
  /** `--git-dir`. */
  gitDir?: string;
  /** `--work-tree`; a folder that only we ever wrote to. */
  workTree?: string;
  /** Current folder; an empty one of ours unless given. */
  folder?: string;
  environment?: Readonly<Record<string, string>>;
  input?: string | Uint8Array | AsyncIterable<Uint8Array | string>;
  timeoutMs?: number;
  outputBytesMax?: number;
  /** Exit codes that are answers, not failures; only 0 unless given. */
  exitCodes?: readonly number[];
}

export interface GitAnswer {
  exitCode: number;
  stdout: Buffer;
  /** `stdout` as UTF-8 without the last line end. */
  text: string;
}

/** Runs `git <args>`. Throws a Fault `GIT-FAILED` with git's own words when the exit code is not one of `exitCodes`; detail "output" when it printed more than `outputBytesMax`. */
export type Git = (args: readonly string[], options?: GitOptions) => Promise<GitAnswer>;

/** `emptyHome` becomes git's HOME and default current folder; it is made and must stay empty. */
export function openGit(emptyHome: string): Git {
  mkdirSync(emptyHome, { recursive: true, mode: 0o700 });
  return async (args, options = {}) => {
    const places = [
      ...(options.gitDir === undefined ? [] : [`--git-dir=${options.gitDir}`]),
      ...(options.workTree === undefined ? [] : [`--work-tree=${options.workTree}`]),
    ];
    const result = await execa("git", [...gitSafeFlags, ...places, ...args], {
      cwd: options.folder ?? emptyHome,
      env: { ...gitSafeEnvironment(process.env.PATH ?? "/usr/bin:/bin", emptyHome), ...options.environment },
      extendEnv: false,
      encoding: "buffer",
      stripFinalNewline: false,
      reject: false,
      timeout: options.timeoutMs ?? defaultTimeoutMs,
      killSignal: "SIGKILL",
      maxBuffer: options.outputBytesMax ?? defaultOutputBytesMax,
      ...inputOf(options.input),
    });
    const exitCode = result.exitCode ?? -1;
    if (result.isMaxBuffer || !(options.exitCodes ?? [0]).includes(exitCode)) throw gitFault(args, result);
    const stdout = Buffer.from(result.stdout);
    return { exitCode, stdout, text: stdout.toString("utf8").replace(/\n$/, "") };
  };
}

function inputOf(input: GitOptions["input"]): { stdin: "ignore" } | { input: string | Uint8Array | Readable } {
  if (input === undefined) return { stdin: "ignore" };
  if (typeof input === "string" || input instanceof Uint8Array) return { input };
  return { input: Readable.from(input) };
}

function gitFault(
  args: readonly string[],
  result: { exitCode?: number | undefined; timedOut: boolean; isMaxBuffer: boolean; stderr: Uint8Array },
): Fault {
  const words = Buffer.from(result.stderr).toString("utf8").trim().slice(-500);
  const why = result.timedOut
    ? "it took too long"
    : result.isMaxBuffer
      ? "it printed more than allowed"
      : words || `exit ${result.exitCode}`;
  return new Fault("GIT-FAILED", `git ${args[0] ?? ""} failed: ${why}`, result.isMaxBuffer ? { detail: "output" } : {});
}
