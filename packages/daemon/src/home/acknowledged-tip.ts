/**
 * Notes the last event that anybody was told of, in a file beside the database. SQLite silently drops commits after a damaged place in its write-ahead file,
 * and the signed head may be a minute older than the newest of them. The note is neither signed nor flushed: it can show that a log is too short, and proves
 * nothing else.
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
 * Notes the log's end after each commit, before answers go out; call the returned function to stop. Before the first commit it writes nothing, because the
 * earlier daemon's note may be all that shows a loss. A full disk stops nothing: an older note is weaker, never wrong.
 */
export function noteTips(home: string, log: Pick<EventLog, "head" | "subscribe">): () => void {
  const descriptor = openSync(homeLayout(home).tip, constants.O_CREAT | constants.O_WRONLY, 0o600);
  let failing = false;
  const end = log.subscribe(() => {
    const { position, hash } = log.head;
    try {
      // One write of a fixed length, so that a killed process leaves the old text or the new one.
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

/** Null if nothing was noted, or if a power failure destroyed the note. */
export function readTip(home: string): LogPlace | null {
  const [, position, hash] = tipShape.exec(readIfThere(homeLayout(home).tip) ?? "") ?? [];
  return position === undefined || hash === undefined ? null : { position: Number(position), hash };
}
