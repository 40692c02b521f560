/** Runs one program to its end with an argument list and an explicit environment. All short processes of the demo start here. */
import { spawn } from "node:child_process";

export type ChildEnvironment = Readonly<Record<string, string | undefined>>;
export interface ChildResult {
  /** Null if a signal ended it. */
  readonly exit: number | null;
  readonly out: string;
  readonly err: string;
}
export interface ChildOptions {
  readonly environment: ChildEnvironment;
  readonly cwd?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

const outputBytesMax = 64 * 1024 * 1024;

/** Rejects if the program can't be started or is interrupted; a non-zero exit code is a result. */
export function runChild(program: string, args: readonly string[], options: ChildOptions): Promise<ChildResult> {
  const { environment, cwd, signal } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...args], {
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
      cwd,
      signal,
    });
    const out = collect(child.stdout);
    const err = collect(child.stderr);
    child.once("error", reject);
    child.once("close", (exit) => resolve({ exit, out: out(), err: err() }));
  });
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  stream.on("data", (chunk: Buffer) => {
    sizeBytes += chunk.length;
    if (sizeBytes <= outputBytesMax) chunks.push(chunk);
  });
  return () => Buffer.concat(chunks).toString("utf8");
}
