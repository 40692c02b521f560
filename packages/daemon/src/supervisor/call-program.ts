/** Runs one of the supervisor's programs (systemctl, loginctl, systemd-notify, launchctl) with a deadline and bounded output. It interprets nothing. */
import { execFile } from "node:child_process";

const outputBytesMax = 64 * 1024;

export interface ProgramResult {
  /** Null if the program could not be started or did not end in time. */
  readonly code: number | null;
  readonly output: string;
  /** What it printed to stderr, or why it could not be started. */
  readonly complaint: string;
}
export type CallProgram = (
  program: string,
  args: readonly string[],
  options: { environment: NodeJS.ProcessEnv; timeoutMs: number },
) => Promise<ProgramResult>;

/** Never rejects. */
export const callProgram: CallProgram = (program, args, { environment, timeoutMs }) =>
  new Promise((resolve) => {
    const bounds = { timeout: timeoutMs, killSignal: "SIGKILL", maxBuffer: outputBytesMax } as const;
    execFile(program, [...args], { env: environment, ...bounds }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : null;
      resolve({ code, output: stdout, complaint: stderr || (error?.message ?? "") });
    });
  });
