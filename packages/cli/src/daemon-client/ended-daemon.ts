/** Tells whether somebody stopped a daemon that is not running: a daemon that is stopped properly removes its record. This file only reads the record. */

import { uptime } from "node:os";
import { localTime } from "@aedev/contracts";
import { daemonRecord } from "./home.ts";

/** How the last daemon ended without being stopped. */
export interface EndedDaemon {
  /** `died`: the process ended or was killed. `machine-restarted`: the machine restarted while the daemon ran. */
  readonly how: "died" | "machine-restarted";
  readonly text: string;
}

/** Null if the last daemon was stopped, or there was none. Contract: the caller found no daemon running. */
export function endedDaemon(home: string, machineStartedAtMs = Date.now() - uptime() * 1000): EndedDaemon | null {
  const record = daemonRecord(home);
  if (record === undefined) return null;
  const { pid, started_at: startedAt } = record;
  const which = `process ${pid ?? "unknown"}${startedAt === undefined ? "" : `, started ${localTime(startedAt)}`}`;
  if (startedAt !== undefined && Date.parse(startedAt) < machineStartedAtMs)
    return { how: "machine-restarted", text: `the machine was restarted while the daemon ran (${which})` };
  return { how: "died", text: `the daemon died: nobody stopped it (${which})` };
}
