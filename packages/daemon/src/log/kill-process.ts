/** Ends the process at once after a write to the log failed, so that nothing uses the connection again. */
import { writeSync } from "node:fs";

export function killProcess(error: unknown): void {
  writeSync(
    2,
    `aedev: the log could not be written, the process ends: ${error instanceof Error ? error.message : error}\n`,
  );
  process.kill(process.pid, "SIGKILL");
}
