/** Runs one of aedev's scripts on hostile text in a child process: no secret in its environment, a deadline, bounds on memory and output. Contract: no input text makes it throw. */
import { execa } from "execa";
import { nodeFlags } from "./node-flags.ts";

const complaintBytesMax = 64 * 1024;

/** The child's whole output. `timeout`: it was killed at the deadline; `died`: it failed or exceeded a bound. */
export interface ChildAnswer {
  readonly stdout: string;
  readonly end: "done" | "timeout" | "died";
}

/** Runs the script at `path` with `input` as JSON on standard input. */
export async function runBoundedChild(
  path: string,
  input: unknown,
  bounds: { timeoutMs: number; memoryMegabytes: number; answerBytesMax: number },
): Promise<ChildAnswer> {
  // With the compile cache, a child does not parse again the modules that every child loads.
  const { PATH = "/usr/bin:/bin", NODE_COMPILE_CACHE } = process.env;
  const flags = [
    ...nodeFlags,
    `--max-old-space-size=${bounds.memoryMegabytes}`,
    "--disable-warning=ExperimentalWarning",
  ];
  const result = await execa(process.execPath, [...flags, path], {
    input: JSON.stringify(input),
    env: NODE_COMPILE_CACHE === undefined ? { PATH } : { PATH, NODE_COMPILE_CACHE },
    extendEnv: false,
    reject: false,
    timeout: bounds.timeoutMs,
    killSignal: "SIGKILL",
    maxBuffer: { stdout: bounds.answerBytesMax, stderr: complaintBytesMax },
    stripFinalNewline: false,
  });
  return { stdout: result.stdout, end: result.timedOut ? "timeout" : result.failed ? "died" : "done" };
}
