/** Ends the daemon's process at once after a write to the log failed. */
import { writeSync } from "node:fs";

/** Reports the cause and ends the process at once, so that nothing uses the connection again. */
export function killProcess(error: unknown): void {
  writeSync(
    2,
    `aedev: the log could not be written, the process ends: ${error instanceof Error ? error.message : error}\n`,
  );
  process.kill(process.pid, "SIGKILL");
}
