/** A named pipe on which a command's processes can't take anything back. Only this process may read it. Contract: reading never fails the command. */
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, closeSync, constants, openSync, writeSync } from "node:fs";
import { Socket } from "node:net";
import { setTimeout } from "node:timers/promises";

const endPatienceMs = 10_000;
const pauseMs = 5;

/** Makes the pipe at a path that must not exist. `take` gets the bytes written. Call `close` after the container's end. */
export function openPipe(path: string, take: (bytes: Buffer) => void): { close(): Promise<void> } {
  execFileSync("mkfifo", ["-m", "600", path]);
  const end = Buffer.from(`\n${randomBytes(16).toString("hex")}\n`);
  // Also opened for writing, so that the stream does not end between two processes.
  const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  // From now on even processes of our own user can only write to it; in a read-only mount they can't change that.
  chmodSync(path, 0o222);
  const socket = new Socket({ fd, readable: true, writable: false });
  let tail = Buffer.alloc(0);
  const ended = new Promise<void>((resolve) => {
    // Everything is read, however much it is, because a process that opens a pipe without a reader waits for ever.
    socket.on("data", (chunk: Buffer) => {
      const text = Buffer.concat([tail, chunk]);
      const at = text.indexOf(end);
      const kept = at === -1 ? Math.max(0, text.length - end.length) : at;
      take(text.subarray(0, kept));
      tail = Buffer.from(text.subarray(kept));
      if (at !== -1) resolve();
    });
    socket.on("error", () => resolve());
    socket.on("close", () => resolve());
  });
  return {
    async close() {
      const patience = new AbortController();
      const late = setTimeout(endPatienceMs, undefined, { signal: patience.signal }).catch(() => undefined);
      const write = writeEnd(path, end, patience.signal);
      await Promise.race([ended, late]);
      patience.abort();
      await write;
      socket.destroy();
    },
  };
}

/** Writes the end mark; the pipe may be full until it is read. */
async function writeEnd(path: string, end: Buffer, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && !isWritten(path, end)) await setTimeout(pauseMs);
}

function isWritten(path: string, bytes: Buffer): boolean {
  let fd: number | undefined;
  try {
    fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
    writeSync(fd, bytes);
    return true;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : null;
    if (code === "EAGAIN") return false;
    // There is no reader any more.
    if (code === "ENXIO" || code === "EPIPE") return true;
    throw error;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
