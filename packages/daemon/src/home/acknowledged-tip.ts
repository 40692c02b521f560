/**
 * The last event that anybody was told of, in a file beside the database. SQLite opens a damaged write-ahead file up to the damage and silently drops
 * the commits after it; the signed head, a minute old at most, does not know the newest of them. The file is not signed and not flushed: it can show that a log
 * is too short, and proves nothing else.
 */
import { closeSync, constants, openSync, writeSync } from "node:fs";
import { readIfThere } from "@aedev/host/durable-file";
import { homeLayout } from "@aedev/host/home-layout";
import type { EventLog } from "../log/event-log.ts";
import type { LogPlace } from "../log/log-place.ts";
import { note } from "../logging/complain.ts";
import { isDiskFull, releaseReserve } from "./disk-reserve.ts";

const positionDigits = 16;
const tipShape = /^(\d{16}) ([0-9a-f]{64})\n$/;

/**
 * Notes the log's end after each commit from now on, before its answers go out. The returned function ends that. Nothing is written before the first commit:
 * what an earlier daemon noted may be all that shows a loss. A disk that takes no note stops nothing: an older note is weaker, never wrong.
 */
export function noteTips(home: string, log: Pick<EventLog, "head" | "subscribe">): () => void {
  const descriptor = openSync(homeLayout(home).tip, constants.O_CREAT | constants.O_WRONLY, 0o600);
  let failing = false;
  const end = log.subscribe(() => {
    const { position, hash } = log.head;
    try {
      // Always as many bytes, in one write: a process that is killed leaves the old text or the new one.
      writeSync(descriptor, `${String(position).padStart(positionDigits, "0")} ${hash}\n`, 0);
      failing = false;
    } catch (error) {
      if (isDiskFull(error)) releaseReserve(home);
      if (!failing) note("the newest position of the log could not be noted", { error: String(error) });
      failing = true;
    }
  });
  return () => {
    end();
    closeSync(descriptor);
  };
}

/** Null if nothing was noted, or if a power failure left something else: what was not flushed may be lost. */
export function readTip(home: string): LogPlace | null {
  const [, position, hash] = tipShape.exec(readIfThere(homeLayout(home).tip) ?? "") ?? [];
  return position === undefined || hash === undefined ? null : { position: Number(position), hash };
}
