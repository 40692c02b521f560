/**
 * The pipe that the processes of one command write their assertions to. A pipe, so that nothing that was written can be taken back; only this process
 * may read it. Contract: reading never fails the command; without a pipe nothing is recorded.
 */
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, closeSync, constants, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { Socket } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Mount } from "../../engine/engine.ts";
import { randomName } from "../../engine/random-name.ts";
import { type Tally, tallyReader } from "./tally.ts";

const endPatienceMs = 10_000;
const pauseMs = 5;

const [operands, writer, assertions] = ["operands", "writer", "assertions"].map((name) =>
  readFileSync(new URL(`./inside/${name}.cjs`, import.meta.url), "utf8").replace(/;\s*$/u, ""),
);
const pytestPlugin = readFileSync(new URL("./inside/recorder.py", import.meta.url), "utf8");
/** The recorder's name in stacks: among Node's own files, so that they look ordinary. */
const ownName = "node:internal/assert/calls";

export interface AssertionRecording {
  /** Statements for the start of each Node process, before the guard's; they declare the function `noteLoaded`, which the guard calls. */
  preload: string;
  /** Shell text before a command that runs pytest. */
  pytest: string;
  /** Mounts the pipe's folder read-only; a pipe in it can be written nevertheless. */
  mount: Mount;
  /** Call it after the container's end: what was written. */
  close(): Promise<Tally>;
}

/** `folder` must not exist; `checkout`: the folder in the container whose files records name. */
export function recordAssertions(folder: string, checkout: string): AssertionRecording {
  mkdirSync(folder, { mode: 0o755 });
  const name = randomName();
  const path = join(folder, name);
  execFileSync("mkfifo", ["-m", "600", path]);
  const target = `/usr/local/share/${randomName()}`;
  const plugin = `m${randomName()}`;
  const values = `CHANNEL, CHECKOUT = ${JSON.stringify(`${target}/${name}`)}, ${JSON.stringify(checkout)}\n`;
  writeFileSync(join(folder, `${plugin}.py`), values + pytestPlugin, { mode: 0o644 });
  const reader = tallyReader();
  const end = Buffer.from(`\n${randomBytes(16).toString("hex")}\n`);
  // Open for writing too, so that it does not end between two processes.
  const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  // From now on it can only be written, also by processes of our own user; in a read-only mount they can't change that.
  chmodSync(path, 0o222);
  const socket = new Socket({ fd, readable: true, writable: false });
  let tail = Buffer.alloc(0);
  const ended = new Promise<void>((resolve) => {
    // Read to the end, however much it is: without a reader a process that opens the pipe waits for ever.
    socket.on("data", (chunk: Buffer) => {
      const text = Buffer.concat([tail, chunk]);
      const at = text.indexOf(end);
      const kept = at === -1 ? Math.max(0, text.length - end.length) : at;
      reader.take(text.subarray(0, kept));
      tail = Buffer.from(text.subarray(kept));
      if (at !== -1) resolve();
    });
    socket.on("error", () => resolve());
    socket.on("close", () => resolve());
  });
  return {
    preload: preloadOf({ channel: `${target}/${name}`, checkout }),
    pytest: `export PYTHONPATH="${target}\${PYTHONPATH:+:$PYTHONPATH}" PYTEST_ADDOPTS="-p ${plugin} $PYTEST_ADDOPTS"\n`,
    mount: { source: folder, target, readOnly: true },
    async close() {
      const patience = new AbortController();
      const late = setTimeout(endPatienceMs, undefined, { signal: patience.signal }).catch(() => undefined);
      const write = writeEnd(path, end, patience.signal);
      await Promise.race([ended, late]);
      patience.abort();
      await write;
      socket.destroy();
      return reader.tally();
    },
  };
}

function preloadOf(options: { channel: string; checkout: string }): string {
  const text = `(require, options, name) => {
const recorder = (${writer})(require, options, (${operands})(require));
return recorder === null ? () => undefined : (${assertions})(require, recorder, name);
}`;
  const [program, name, given] = [text, ownName, options].map((value) => JSON.stringify(value));
  return `const noteLoaded = require('node:vm').runInThisContext(${program}, { filename: ${name} })(require, ${given}, ${name});\n`;
}

/** The pipe may be full until it is read. */
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
    // Nobody reads any more.
    if (code === "ENXIO" || code === "EPIPE") return true;
    throw error;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
