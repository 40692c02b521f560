/**
 * From which process git is started. To start one from a process of 170 MB keeps that process from anything else for about 25 ms, because its
 * page tables are copied; from one of 45 MB it is 4 ms, and the large one does not wait. So a process that often calls git has a small one which does it.
 */
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { endGroups, type GitEnd, type GitStart, notStarted, startGit } from "./git-process.ts";
import type { StarterCall, StarterReply } from "./git-starter-process.ts";

/** Calls of a process before it gets a starter: who calls git once or twice is done before one would be ready. */
const directMax = 2;
/** A starter without calls is ended: it holds memory. */
const idleMs = 60_000;
/** Beyond a call's own time: then the starter hangs, and is killed. */
const patienceMs = 15_000;
const program = fileURLToPath(new URL("./git-starter-process.ts", import.meta.url));

interface Call {
  readonly stdout: Buffer[];
  readonly stderr: Buffer[];
  readonly hangs: NodeJS.Timeout;
  readonly resolve: (end: GitEnd) => void;
}

let calls = 0;
let starter: Starter | undefined;

process.on("exit", endGroups);

/** Starts git and resolves when it has ended. Never rejects. Input that comes in pieces is read in this process, so git is started by it too. */
export async function startGitSomewhere(start: GitStart): Promise<GitEnd> {
  calls += 1;
  const { input } = start;
  const isWhole = input === undefined || typeof input === "string" || input instanceof Uint8Array;
  if (!isWhole || calls <= directMax) return startGit(start);
  try {
    starter ??= openStarter();
  } catch (error) {
    return notStarted(error);
  }
  return starter.start(start);
}

interface Starter {
  readonly start: (start: GitStart) => Promise<GitEnd>;
}

function openStarter(): Starter {
  const child = forkStarter();
  const open = new Map<number, Call>();
  let newest = 0;
  const idle = setTimeout(() => {
    if (open.size > 0) return void idle.refresh();
    retire();
    child.disconnect();
  }, idleMs).unref();
  child.once("error", fail);
  // Comes after the last message.
  child.once("disconnect", () => fail("the process that starts git ended"));
  child.on("message", ({ id, ...reply }: StarterReply) => {
    const call = open.get(id);
    if (call === undefined) return;
    if ("piece" in reply) call[reply.stream].push(reply.piece);
    else {
      const { stdout, stderr } = reply.end;
      settle(id, {
        ...reply.end,
        stdout: Buffer.concat([...call.stdout, stdout]),
        stderr: Buffer.concat([...call.stderr, stderr]),
      });
    }
  });
  const self = { start };
  return self;

  function start(call: GitStart): Promise<GitEnd> {
    const { promise, resolve } = Promise.withResolvers<GitEnd>();
    newest += 1;
    const id = newest;
    const hangs = setTimeout(() => child.kill("SIGKILL"), call.timeoutMs + patienceMs);
    open.set(id, { stdout: [], stderr: [], hangs, resolve });
    keepAwake(child, true);
    child.send({ id, start: call } satisfies StarterCall, (error) => {
      if (error !== null) settle(id, notStarted(error));
    });
    return promise;
  }

  function settle(id: number, end: GitEnd): void {
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

  function fail(why: unknown): void {
    retire();
    for (const id of [...open.keys()]) settle(id, notStarted(why));
    clearTimeout(idle);
  }

  function retire(): void {
    if (starter === self) starter = undefined;
  }
}

function forkStarter(): ChildProcess {
  const cache = process.env["NODE_COMPILE_CACHE"];
  return fork(program, [], {
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
