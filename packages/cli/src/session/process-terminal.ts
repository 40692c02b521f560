/** The process's own standard streams as a terminal. */
import { writeSync } from "node:fs";
import type { Terminal } from "./session.ts";

export function processTerminal(): Terminal {
  const { stdin } = process;
  return {
    write: (text) => writeAll(1, text),
    complain: (text) => writeAll(2, text),
    interactive: stdin.isTTY === true,
    async readAll() {
      const chunks: Buffer[] = [];
      for await (const chunk of stdin) chunks.push(Buffer.from(chunk));
      return Buffer.concat(chunks).toString("utf8");
    },
    async ask(prompt, options) {
      const { createInterface } = await import("node:readline/promises");
      const { Writable } = await import("node:stream");
      writeAll(2, prompt);
      const silent = new Writable({ write: (_chunk, _encoding, written) => written() });
      const lines = createInterface({
        input: stdin,
        output: options?.secret === true ? silent : process.stderr,
        terminal: true,
      });
      try {
        return await lines.question("");
      } finally {
        lines.close();
        writeAll(2, "\n");
      }
    },
  };
}

/** Synchronous, so that nothing is lost when the process ends. A reader that went away (`| head`) ends it quietly. */
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
