/**
 * Chooses the process that starts git. Starting a process from one of 170 MB blocks that process for about 25 ms, because its page tables are copied;
 * from a small one it takes 4 ms, and the large one does not wait. So a process that often calls git gets a small process that starts git for it.
 */
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { endGroups, endLost, type GitEnd, type GitStart, startGit } from "./git-process.ts";
import type { StarterCall, StarterReply } from "./git-starter-process.ts";

/** The calls of a process before it gets a starter: a process that calls git once or twice ends before a starter is ready. */
const directMax = 2;
/** A starter without calls is ended after this time, because it holds memory. */
const idleMs = 60_000;
/** If a call exceeds its own time by this much, the starter hangs and is killed. */
const patienceMs = 15_000;
const program = fileURLToPath(new URL("./git-starter-process.ts", import.meta.url));

interface Call {
  readonly start: GitStart;
  /** git's process id; undefined: as far as is known, the starter has not started it. */
  pid: number | undefined;
  readonly stdout: Buffer[];
  readonly stderr: Buffer[];
  readonly hangs: NodeJS.Timeout;
  readonly resolve: (end: GitEnd | Promise<GitEnd>) => void;
}

interface Starter {
  readonly start: (start: GitStart) => Promise<GitEnd>;
}

let calls = 0;
let starter: Starter | undefined;
/** After this many starters in a row that started nothing, no other is tried. */
const uselessMin = 3;
let useless = 0;

process.on("exit", endGroups);

/** Starts git and resolves when it has ended. Never rejects. Input in pieces is read in this process, so this process starts git for it. */
export function startGitSomewhere(start: GitStart): Promise<GitEnd> {
  calls += 1;
  const { input } = start;
  const isWhole = input === undefined || typeof input === "string" || input instanceof Uint8Array;
  if (!isWhole || useless >= uselessMin || calls <= directMax) return startGit(start);
  starter ??= openStarter();
  if (starter === undefined) noteUseless();
  return starter?.start(start) ?? startGit(start);
}

/** Everything works without a starter, only slower; the process's log has the warning. */
function noteUseless(): void {
  useless += 1;
  if (useless === uselessMin)
    process.emitWarning(
      "git is started directly, because the small process that starts it can't be used: calls take longer",
    );
}

/** Undefined: no starter can run now, for example because descriptors are missing. */
function openStarter(): Starter | undefined {
  const child = forkStarter();
  const open = new Map<number, Call>();
  let newest = 0;
  let hasStarted = false;
  const idle = setTimeout(() => {
    if (open.size > 0) return void idle.refresh();
    retire();
    if (child.connected) child.disconnect();
  }, idleMs).unref();
  const self = { start };
  child.once("error", end);
  // This event comes after the last message.
  child.once("disconnect", end);
  child.on("message", ({ id, ...reply }: StarterReply) => {
    const call = open.get(id);
    if (call === undefined) return;
    if ("pid" in reply) {
      call.pid = reply.pid;
      hasStarted = true;
      useless = 0;
    } else if ("piece" in reply) call[reply.stream].push(reply.piece);
    else {
      const { stdout, stderr } = reply.end;
      settle(id, {
        ...reply.end,
        stdout: Buffer.concat([...call.stdout, stdout]),
        stderr: Buffer.concat([...call.stderr, stderr]),
      });
    }
  });
  return child.pid === undefined ? undefined : self;

  function start(call: GitStart): Promise<GitEnd> {
    const { promise, resolve } = Promise.withResolvers<GitEnd>();
    newest += 1;
    const id = newest;
    const hangs = setTimeout(() => child.kill("SIGKILL"), call.timeoutMs + patienceMs);
    open.set(id, { start: call, pid: undefined, stdout: [], stderr: [], hangs, resolve });
    keepAwake(child, true);
    // If sending fails, "disconnect" follows.
    if (child.connected) child.send({ id, start: call } satisfies StarterCall, () => undefined);
    else end();
    return promise;
  }

  function settle(id: number, end: GitEnd | Promise<GitEnd>): void {
    const call = open.get(id);
    if (call === undefined) return;
    open.delete(id);
    clearTimeout(call.hangs);
    if (open.size === 0) {
      keepAwake(child, false);
      idle.refresh();
    }
    call.resolve(end);
  }

  /**
   * Everything that the starter had started is ended, because nobody limits or reads it any more. If it never started anything, this process makes its
   * calls. Otherwise a call without a process id may still run, because the message can be lost with the starter: that call fails and can be tried
   * again.
   */
  function end(): void {
    retire();
    if (open.size > 0 && !hasStarted) noteUseless();
    for (const [id, { start, pid }] of open) settle(id, hasStarted ? endLost(pid ?? 0) : startGit(start));
    clearTimeout(idle);
  }

  function retire(): void {
    if (starter === self) starter = undefined;
  }
}

function forkStarter(): ChildProcess {
  const cache = process.env["NODE_COMPILE_CACHE"];
  return fork(program, [], {
    cwd: "/",
    env: cache === undefined ? {} : { NODE_COMPILE_CACHE: cache },
    execArgv: [],
    serialization: "advanced",
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    // In its own session, so that signals of a terminal to its foreground processes do not end it before its caller.
    detached: true,
  });
}

/** Whether an open call keeps this process running. */
function keepAwake(child: ChildProcess, isAwake: boolean): void {
  for (const handle of [child, child.channel]) isAwake ? handle?.ref() : handle?.unref();
}
