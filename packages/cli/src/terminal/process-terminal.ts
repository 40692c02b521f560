/** The process's standard streams as a terminal. Standard input is opened only by a verb that reads it. */
import { spawn } from "node:child_process";
import { writeSync } from "node:fs";
import { Writable } from "node:stream";
import { Fault } from "@aedev/contracts";
import type { Terminal, TerminalSize } from "./session.ts";

export function processTerminal(): Terminal {
  return {
    write: (text) => writeAll(1, text),
    complain: (text) => writeAll(2, text),
    get interactive() {
      return process.stdin.isTTY === true;
    },
    sizeOf: (stream) => sizeOf(stream === "output" ? process.stdout : process.stderr),
    page,
    onKey,
    async readAll() {
      const chunks: Buffer[] = [];
      for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
      return Buffer.concat(chunks).toString("utf8");
    },
    ask: (prompt, options) => (options?.secret === true ? askSecretly(prompt) : ask(prompt, process.stderr)),
  };
}

/** `$PAGER`, otherwise less; prints the text if there is no pager. Leaving the pager early is not an error. */
function page(text: string): Promise<void> {
  const { PAGER } = process.env;
  const command = PAGER === undefined || PAGER.trim() === "" ? "less -FRX" : PAGER;
  return new Promise((resolve) => {
    const pager = spawn("sh", ["-c", command], { stdio: ["pipe", "inherit", "inherit"] });
    pager.stdin.on("error", () => undefined);
    pager.once("error", () => {
      writeAll(1, text);
      resolve();
    });
    pager.once("close", (code) => {
      // If there is no pager (the shell answers 127), or it fails, the text is printed.
      if (code !== null && code !== 0 && code < 128) writeAll(1, text);
      resolve();
    });
    pager.stdin.end(text);
  });
}

function sizeOf({ isTTY, columns, rows }: NodeJS.WriteStream): TerminalSize | undefined {
  return isTTY === true ? { columns: columns || 80, rows: rows || 24 } : undefined;
}

/** Raw keys of standard input; its mode is restored at the end. Does nothing without a terminal. */
function onKey(listener: (key: string) => void): () => void {
  const { stdin } = process;
  if (stdin.isTTY !== true) return () => undefined;
  const hear = (bytes: Buffer) => listener(bytes.toString("utf8"));
  stdin.setRawMode(true);
  stdin.on("data", hear);
  stdin.resume();
  return () => {
    stdin.off("data", hear);
    stdin.setRawMode(false);
    stdin.pause();
  };
}

async function askSecretly(prompt: string): Promise<string> {
  writeAll(2, prompt);
  try {
    return await ask("", new Writable({ write: (_chunk, _encoding, written) => written() }));
  } finally {
    writeAll(2, "\n");
  }
}

/** One line from the terminal. Throws a fault if the person leaves (Ctrl-C, Ctrl-D) instead of answering. */
function ask(prompt: string, output: NodeJS.WritableStream): Promise<string> {
  // Loaded only here, because most verbs ask nothing.
  const { createInterface } = process.getBuiltinModule("node:readline");
  const lines = createInterface({ input: process.stdin, output, terminal: true });
  return new Promise((resolve, reject) => {
    lines.once("close", () =>
      reject(new Fault("interrupted", "nothing was answered", { hint: "the same command again" })),
    );
    lines.question(prompt, (answer) => {
      resolve(answer);
      lines.close();
    });
  });
}

/** Synchronous, so that nothing is lost when the process ends. If the reader is gone (`| head`), the process ends quietly. */
function writeAll(descriptor: 1 | 2, text: string): void {
  const bytes = Buffer.from(text, "utf8");
  for (let offset = 0; offset < bytes.length; ) {
    try {
      offset += writeSync(descriptor, bytes, offset);
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      if (code === "EPIPE" && descriptor === 2) return;
      if (code === "EPIPE") process.exit(0);
      if (code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}
