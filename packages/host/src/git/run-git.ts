/**
 * The only file that calls git on the host, for every plane (SECURITY T1, T3, T18): argument lists, aedev's own configuration and environment, a hard
 * time limit on the whole process group, bounded output. Callers come through git-at.ts. Contract: no caller passes a folder that an agent wrote to, be
 * it as git directory, work tree or current folder.
 */
import { escapeLine, Fault } from "@aedev/contracts";
import {
  credentialFlags,
  credentialRecord,
  type GitCredential,
  isAccessDenied,
  withoutCredential,
} from "./git-credential.ts";
import { gitAllowedProtocols, gitSafeEnvironment, gitSafeFlags } from "./git-safety.ts";
import { startGitSomewhere } from "./git-starter.ts";

/** The most bytes that a call may print before it is stopped. */
const outputBytesMax = 256 * 1024 * 1024;
/** The most characters of git's message in a fault. */
const causeLengthMax = 300;
/** The help if a repository belongs to another account. */
export const foreignRepositoryHelp =
  "the repository belongs to another user: run aedev as that user, or add your own copy";
/** git's own text; aedev's environment makes it English. */
const foreignOwner = /detected dubious ownership/;
/** Default HOME. It must not exist, so that no file in it (`.netrc`, configuration) is read. */
const noHome = "/nonexistent";

export interface GitCall {
  readonly args: readonly string[];
  /** A bare repository of aedev; omitted only if git needs none. */
  readonly gitDir?: string;
  /** A folder that only aedev has written to, or a person's checkout behind a front repository, so that nothing in it is configuration. */
  readonly workTree?: string;
  /** The current folder; by default the root of the file system. */
  readonly folder?: string;
  /** An empty folder of aedev. */
  readonly home?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** True: the call reaches a remote, so ssh is set up and a failure can be temporary. */
  readonly remote?: boolean;
  /** The credential for this call's remote, if the remote is at this origin; git uses it only if the server asks. Needs `remote`. */
  readonly credential?: GitCredential;
  /** Transports, as GIT_ALLOW_PROTOCOL lists them; by default those of `gitAllowedProtocols`. */
  readonly protocols?: string;
  /** True: the remote may be plain `http`. The caller has checked that it is on this machine and that the operator named it. */
  readonly plainHttp?: boolean;
  readonly input?: string | Uint8Array | AsyncIterable<Uint8Array | string>;
  readonly timeoutMs: number;
  readonly outputBytesMax?: number;
  /** The most bytes of packs that a fetch may receive in a folder; by default unlimited. */
  readonly received?: { readonly folder: string; readonly bytesMax: number };
  /** Exit codes that count as answers; by default only 0. `"any"`: the caller checks the code. A missing code is always a failure. */
  readonly exitCodes?: readonly number[] | "any";
}

export const gitFaults = ["git-failed", "git-credential", "git-output", "git-owner", "git-timeout"] as const;

export interface GitAnswer {
  readonly exitCode: number;
  readonly stdout: Buffer;
  /** `stdout` as UTF-8 without the final newline. */
  readonly text: string;
  /** Git's message as one line, escaped, without credentials. */
  readonly cause: string;
}

/**
 * Runs `git <args>`. Throws a Fault: `git-timeout` (retry); `git-output` (more than allowed); `git-failed` (an exit code outside `exitCodes`, or
 * unreadable output); `git-owner` (the repository belongs to another user); `git-credential` (the server wants a credential or refused the given one).
 * An error that `input` throws is rethrown.
 */
export async function runGit(call: GitCall): Promise<GitAnswer> {
  const name = call.args.find((argument) => !argument.startsWith("-")) ?? "";
  const repositoryFlags = [
    ...(call.gitDir === undefined ? [] : [`--git-dir=${call.gitDir}`]),
    ...(call.workTree === undefined ? [] : [`--work-tree=${call.workTree}`]),
  ];
  const remoteFlags = [
    ...(call.credential === undefined ? [] : credentialFlags(call.credential)),
    ...(call.plainHttp === true ? ["-c", "protocol.http.allow=always"] : []),
  ];
  const result = await startGitSomewhere({
    args: [...gitSafeFlags, ...remoteFlags, ...repositoryFlags, ...call.args],
    folder: call.folder ?? "/",
    environment: {
      ...gitSafeEnvironment(process.env.PATH ?? "/usr/bin:/bin", call.home ?? noHome),
      ...sshEnvironment(call),
      ...(call.protocols === undefined ? {} : { GIT_ALLOW_PROTOCOL: call.protocols }),
      ...(call.plainHttp === true ? { GIT_ALLOW_PROTOCOL: `${gitAllowedProtocols}:http` } : {}),
      ...call.environment,
    },
    input: call.input,
    record: call.credential === undefined ? undefined : credentialRecord(call.credential),
    outputBytesMax: call.outputBytesMax ?? outputBytesMax,
    timeoutMs: call.timeoutMs,
    received: call.received,
    outlivesCaller: call.remote === true,
  });
  if (result.expired)
    throw new Fault("git-timeout", `git ${name} took longer than ${call.timeoutMs} ms`, { retry: true });
  if (result.receivedTooMuch)
    throw new Fault(
      "git-output",
      `git ${name} was stopped: it would receive more than ${call.received?.bytesMax} bytes`,
    );
  if (result.inputError !== undefined) throw result.inputError;
  if (result.unread !== "")
    throw new Fault("git-failed", `git ${name}: its output could not be read: ${result.unread}`);
  if (result.printedTooMuch) throw new Fault("git-output", `git ${name} printed more than allowed`);
  const safeCause = (text: string) => causeIn(withoutCredential(text, call.credential));
  const cause = safeCause(result.stderr.toString("utf8")) || safeCause(result.notStarted);
  const { exitCode } = result;
  if (!isAnswer(exitCode, call.exitCodes))
    throw new Fault(failureCode(cause), `git ${name} failed: ${cause || `exit ${exitCode}`}`, {
      detail: cause,
      ...(failureCode(cause) === "git-owner" ? { hint: foreignRepositoryHelp } : {}),
      retry: result.isLost || (call.remote === true && failureCode(cause) !== "git-credential"),
    });
  const stdout = printed(result.stdout, call.credential);
  return { exitCode, stdout, text: stdout.toString("utf8").replace(/\n$/, ""), cause };
}

/** Bytes are kept as they are, except where a server's answer repeats the credential. */
function printed(bytes: Buffer, credential: GitCredential | undefined): Buffer {
  if (credential === undefined) return bytes;
  const text = bytes.toString("utf8");
  const safe = withoutCredential(text, credential);
  return safe === text ? bytes : Buffer.from(safe);
}

function failureCode(cause: string): "git-owner" | "git-credential" | "git-failed" {
  if (foreignOwner.test(cause)) return "git-owner";
  return isAccessDenied(cause) ? "git-credential" : "git-failed";
}

/** ssh never prompts and can use the operator's agent. */
function sshEnvironment(call: GitCall): Record<string, string> {
  if (call.remote !== true) return {};
  const agent = process.env.SSH_AUTH_SOCK;
  return { GIT_SSH_COMMAND: "ssh -o BatchMode=yes", ...(agent === undefined ? {} : { SSH_AUTH_SOCK: agent }) };
}

function isAnswer(exitCode: number | null, accepted: GitCall["exitCodes"]): exitCode is number {
  return exitCode !== null && (accepted === "any" || (accepted ?? [0]).includes(exitCode));
}

function causeIn(stderr: string): string {
  const lines = stderr.split(/\r?\n/).filter((line) => line.trim() !== "");
  const significant = lines.filter((line) => /^(fatal|error|remote|ssh):? /i.test(line));
  const cause = (significant.length > 0 ? significant : lines).slice(0, 4).join("; ");
  return escapeLine(cause.replace(/\/\/[^/@\s]*@/g, "//…@"), causeLengthMax);
}
