/**
 * Reads strace's record of a command (SECURITY T27, T28): which files of the checkout it opened, looked for in vain, wrote, or could not write because the
 * checkout is sealed. Only the base's own commands are traced, so the candidate can't influence the record.
 *
 * Folder: what the base's checks do with files.
 */
import { posix } from "node:path";
import { createInterface } from "node:readline";
import { openRegular } from "@aedev/host/nofollow-read";
import { readTraceLine, type TracedCall } from "./trace-line.ts";

/**
 * Calls that a new thread makes at once, in glibc and in Go; nothing is read from them. Until strace stops a thread at a recorded call, it stops it at every
 * call. Threads that only compute, such as V8's, make hardly any recorded call, and that was most of the cost of tracing.
 */
const firstCallsOfThreads = "set_robust_list,sigaltstack";

/** The system calls that strace records. */
export const tracedCalls = [
  firstCallsOfThreads,
  "open,openat,openat2,creat,stat,lstat,statx,newfstatat,access,faccessat,faccessat2,readlink,readlinkat",
  "execve,execveat,chdir,fchdir,mkdir,mkdirat,rename,renameat,renameat2,unlink,unlinkat,rmdir",
  "link,linkat,symlink,symlinkat,truncate,chmod,fchmodat,utimensat",
].join(",");
export const traceBytesMax = 512 * 1024 * 1024;
const writes = /^(?:creat|mkdir|rename|unlink|rmdir|link|symlink|truncate|chmod|fchmodat|utimensat)/u;
const searches = /^(?:open|stat|lstat|statx|newfstatat|access|faccessat|readlink|execve)/u;

/** All paths are relative to the checkout, except `outside`. */
export interface Trace {
  opened: Set<string>;
  /** Paths that the command looked for and did not find. */
  probed: Set<string>;
  /** Folders that the command listed. */
  listed: Set<string>;
  written: Set<string>;
  /** Writes that failed because the place is read-only. A folder that could not be made ends in `/`. */
  refused: Set<string>;
  executed: Set<string>;
  /** Opened files outside the checkout, absolute. */
  outside: Set<string>;
}

/** Null if the record is not whole: the image or the engine does not allow tracing, or the record exceeds 512 MiB. */
export async function readTrace(path: string, checkout: string): Promise<Trace | null> {
  const file = await openRegular(path);
  if (file === null) return null;
  try {
    const { size } = await file.stat();
    if (size === 0 || size > traceBytesMax) return null;
    const lines = createInterface({
      input: file.createReadStream({ autoClose: false }),
      crlfDelay: Number.POSITIVE_INFINITY,
    });
    const reader = traceReader(checkout);
    for await (const line of lines) reader.take(line);
    return reader.trace;
  } finally {
    await file.close();
  }
}

/** Reads the lines of one record in order. */
export function traceReader(checkout: string): { trace: Trace; take(line: string): void } {
  const trace: Trace = {
    opened: new Set(),
    probed: new Set(),
    listed: new Set(),
    written: new Set(),
    refused: new Set(),
    executed: new Set(),
    outside: new Set(),
  };
  /** The first half of a call that another process interrupted, by process. */
  const unfinished = new Map<string, string>();
  const folders = new Map<string, string>();
  return {
    trace,
    take(line) {
      const whole = joined(line, unfinished);
      const call = whole === null ? null : readTraceLine(whole);
      if (call !== null) note(call, { trace, checkout, folders });
    },
  };
}

function joined(line: string, unfinished: Map<string, string>): string | null {
  const process = /^\d+/u.exec(line)?.[0] ?? "";
  const first = /^(.*)<unfinished \.\.\.>$/su.exec(line)?.[1];
  if (first !== undefined) {
    unfinished.set(process, first);
    return null;
  }
  const rest = /^\d+\s+<\.\.\. \w+ resumed>(.*)$/su.exec(line)?.[1];
  if (rest === undefined) return line;
  const start = unfinished.get(process);
  unfinished.delete(process);
  return start === undefined ? null : `${start}${rest}`;
}

function note(call: TracedCall, state: { trace: Trace; checkout: string; folders: Map<string, string> }): void {
  const { trace, checkout, folders } = state;
  const absolute = call.paths.map(({ folder, path }) => {
    if (folder !== null) folders.set(call.process, folder);
    return posix.resolve(folder ?? folders.get(call.process) ?? checkout, path);
  });
  const [first] = absolute;
  if (call.name === "chdir" && call.error === null && first !== undefined) folders.set(call.process, first);
  if (call.opened?.startsWith("/") === true && !absolute.includes(call.opened)) absolute.push(call.opened);
  for (const path of absolute) {
    const inside = path.startsWith(`${checkout}/`) ? path.slice(checkout.length + 1) : path === checkout ? "" : null;
    const kind = kindOf(call);
    if (inside !== null && kind !== null)
      trace[kind].add(kind === "refused" && call.name.startsWith("mkdir") ? `${inside}/` : inside);
    else if (kind === "opened") trace.outside.add(path);
  }
}

function kindOf({ name, text, error }: TracedCall): keyof Trace | null {
  const isWrite =
    writes.test(name) || (name.startsWith("open") && /\bO_(?:WRONLY|RDWR|CREAT|TRUNC|APPEND)\b/u.test(text));
  if (error === "EROFS") return "refused";
  if (error === "ENOENT" || error === "ENOTDIR") return searches.test(name) ? "probed" : null;
  if (error !== null) return null;
  if (isWrite) return "written";
  if (name.startsWith("open")) return text.includes("O_DIRECTORY") ? "listed" : "opened";
  return name.startsWith("execve") ? "executed" : null;
}
