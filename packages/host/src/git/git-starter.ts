/**
 * From which process git is started. To start one from a process of 170 MB keeps that process from anything else for about 25 ms, because its
 * page tables are copied; from a small one it is 4 ms, and the large one does not wait. So a process that often calls git has a small one which does it.
 */
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { endGroups, endLost, type GitEnd, type GitStart, startGit } from "./git-process.ts";
import type { StarterCall, StarterReply } from "./git-starter-process.ts";

/** Calls of a process before it gets a starter: who calls git once or twice is done before one would be ready. */
const directMax = 2;
/** A starter without calls is ended: it holds memory. */
const idleMs = 60_000;
/** Beyond a call's own time: then the starter hangs, and is killed. */
const patienceMs = 15_000;
const program = fileURLToPath(new URL("./git-starter-process.ts", import.meta.url));

interface Call {
  readonly start: GitStart;
  /** Of git; undefined: the starter has not started it, as far as is known. */
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
/** So many in a row that started nothing are taken for all that will come. */
const uselessMin = 3;
let useless = 0;

process.on("exit", endGroups);

/** Starts git and resolves when it has ended. Never rejects. Input that comes in pieces is read in this process, so git is started by it too. */
export function startGitSomewhere(start: GitStart): Promise<GitEnd> {
  calls += 1;
  const { input } = start;
  const isWhole = input === undefined || typeof input === "string" || input instanceof Uint8Array;
  if (!isWhole || useless >= uselessMin || calls <= directMax) return startGit(start);
  starter ??= openStarter();
  if (starter === undefined) noteUseless();
  return starter?.start(start) ?? startGit(start);
}

/** Everything works without it, but takes longer: the process's log has the warning. */
function noteUseless(): void {
  useless += 1;
  if (useless === uselessMin)
    process.emitWarning(
      "git is started directly, because the small process that starts it can't be used: calls take longer",
    );
}

/** Undefined: there is none now, for want of descriptors for example. */
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
  // Comes after the last message.
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
   * What it had started is ended, because nobody limits or reads it any more. One that never started anything leaves its calls to this process; of
   * another, a call without a process id may run all the same, because the message can be lost with it: that call fails, and can be tried again.
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
    // In a session of its own: what a terminal sends to its foreground processes does not end it before its caller.
    detached: true,
  });
}

/** Whether an open call keeps this process running. */
function keepAwake(child: ChildProcess, isAwake: boolean): void {
  for (const handle of [child, child.channel]) isAwake ? handle?.ref() : handle?.unref();
}
