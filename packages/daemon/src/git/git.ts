/**
 * The one file of the control plane that calls git (THREATS T1, T3, T18): argument lists only, our configuration and environment only,
 * a hard time limit on the whole process group, capped output. Contract: no caller passes a folder that an agent wrote to.
 */
import { escapeLine } from "@aedev/core";
import { Fault, gitSafeEnvironment, gitSafeFlags } from "@aedev/core/wire";

/** Bytes that one call may print before it is stopped. */
const outputBytesMax = 256 * 1024 * 1024;
/** Time between the polite signal, on which git removes its locks and temporary packs, and the last one. */
const killAfterMs = 2_000;
/** Characters of git's own words that go into a fault. */
const causeLengthMax = 300;
/** HOME of every call; it must not exist, so that no file there (`.netrc`, configuration) is read. */
const noHome = "/nonexistent";

interface GitCall {
  readonly args: readonly string[];
  /** A bare repository of ours; left out only where git needs none. */
  readonly gitDir?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** The call reaches a remote: ssh is set up, and a failure may pass by itself. */
  readonly remote?: boolean;
  readonly input?: string | Uint8Array;
  readonly timeoutMs: number;
  readonly outputBytesMax?: number;
  /** Exit codes that are answers and not failures; only 0 unless given. `"any"`: the caller reads the code. No code at all never is one. */
  readonly exitCodes?: readonly number[] | "any";
}

export interface GitAnswer {
  readonly exitCode: number;
  readonly stdout: Buffer;
  /** `stdout` as UTF-8 without the last line end. */
  readonly text: string;
  /** Git's own words, one line, escaped, without credentials. */
  readonly cause: string;
}

/** Runs `git <args>`. Throws a Fault: `GIT-TIMEOUT` (retry), `GIT-OUTPUT` (more than allowed) or `GIT-FAILED` (an exit code that is not among `exitCodes`). */
export async function runGit(call: GitCall): Promise<GitAnswer> {
  const name = call.args.find((argument) => !argument.startsWith("-")) ?? "";
  const place = call.gitDir === undefined ? [] : [`--git-dir=${call.gitDir}`];
  // Loaded with the first call: a daemon that waits does without it.
  const { execa } = await import("execa");
  const running = execa("git", [...gitSafeFlags, ...place, ...call.args], {
    cwd: "/",
    env: {
      ...gitSafeEnvironment(process.env.PATH ?? "/usr/bin:/bin", noHome),
      ...sshEnvironment(call),
      ...call.environment,
    },
    extendEnv: false,
    // A group of its own: transports and hooks end with git, and ssh has no terminal to ask on.
    detached: true,
    encoding: "buffer",
    stripFinalNewline: false,
    reject: false,
    maxBuffer: call.outputBytesMax ?? outputBytesMax,
    ...(call.input === undefined ? { stdin: "ignore" as const } : { input: call.input }),
  });
  let expired = false;
  const timers = [
    setTimeout(() => {
      expired = true;
      signalGroup(running.pid, "SIGTERM");
    }, call.timeoutMs),
    setTimeout(() => signalGroup(running.pid, "SIGKILL"), call.timeoutMs + killAfterMs),
  ];
  const result = await running;
  for (const timer of timers) clearTimeout(timer);
  if (expired) throw new Fault("GIT-TIMEOUT", `git ${name} took longer than ${call.timeoutMs} ms`, { retry: true });
  if (result.isMaxBuffer) throw new Fault("GIT-OUTPUT", `git ${name} printed more than allowed`);
  const cause = causeIn(Buffer.from(result.stderr)) || causeIn(Buffer.from(result.originalMessage ?? ""));
  const exitCode = result.exitCode ?? null;
  if (!isAnswer(exitCode, call.exitCodes))
    throw new Fault("GIT-FAILED", `git ${name} failed: ${cause || `exit ${exitCode}`}`, {
      detail: cause,
      retry: call.remote === true,
    });
  const stdout = Buffer.from(result.stdout);
  return { exitCode, stdout, text: stdout.toString("utf8").replace(/\n$/, ""), cause };
}

/** ssh never asks, and may use the operator's agent. */
function sshEnvironment(call: GitCall): Record<string, string> {
  if (call.remote !== true) return {};
  const agent = process.env.SSH_AUTH_SOCK;
  return { GIT_SSH_COMMAND: "ssh -o BatchMode=yes", ...(agent === undefined ? {} : { SSH_AUTH_SOCK: agent }) };
}

function isAnswer(exitCode: number | null, accepted: GitCall["exitCodes"]): exitCode is number {
  return exitCode !== null && (accepted === "any" || (accepted ?? [0]).includes(exitCode));
}

function signalGroup(pid: number | undefined, signal: "SIGTERM" | "SIGKILL"): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // The group ended between the timer and the signal: nothing is left to stop.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function causeIn(stderr: Buffer): string {
  const lines = stderr
    .toString("utf8")
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "");
  const telling = lines.filter((line) => /^(fatal|error|remote|ssh):? /i.test(line));
  const words = (telling.length > 0 ? telling : lines).slice(0, 4).join("; ");
  return escapeLine(words.replace(/\/\/[^/@\s]*@/g, "//…@"), causeLengthMax);
}
