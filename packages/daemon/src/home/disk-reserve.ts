/**
 * A file that only takes room on the log's disk (THREATS T20): given back when the disk is full, so that the next start can write what happened
 * and hold its runs instead of failing at its first event. It is never read. Only its size matters, so it needs no atomic write.
 */
import { closeSync, fsyncSync, openSync, rmSync, statfsSync, statSync, writeSync } from "node:fs";
import { homeLayout } from "@aedev/host/home-layout";

/** Enough for thousands of events with their views. */
export const reserveBytes = 4 * 1024 * 1024;
/** The reserve is only made where it leaves as much again. */
const freeFactor = 2;
const chunkBytes = 1024 * 1024;

/** Whether the reserve is there in full. */
export function hasReserve(home: string): boolean {
  const found = statSync(homeLayout(home).reserve, { throwIfNoEntry: false });
  return found?.isFile() === true && found.size === reserveBytes;
}

/** Makes the reserve where there is room for it. False: there is none now; a later start makes it. */
export function keepReserve(home: string): boolean {
  if (hasReserve(home)) return true;
  const { bavail, bsize } = statfsSync(home);
  if (bavail * bsize < freeFactor * reserveBytes) return false;
  // Written, not stretched: a hole takes no room.
  const file = openSync(homeLayout(home).reserve, "w", 0o600);
  try {
    const chunk = Buffer.alloc(chunkBytes, 0xa5);
    for (let written = 0; written < reserveBytes; ) written += writeSync(file, chunk, 0, chunk.length, written);
    fsyncSync(file);
    return true;
  } catch (error) {
    if (!isDiskFull(error)) throw error;
    releaseReserve(home);
    return false;
  } finally {
    closeSync(file);
  }
}

/** Gives the room back. Contract: never throws; it is called while the process dies of something else. */
export function releaseReserve(home: string): boolean {
  try {
    rmSync(homeLayout(home).reserve, { force: true });
    return true;
  } catch {
    return false;
  }
}

/** True for a full disk or quota, from the file system or from SQLite. */
export function isDiskFull(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return ["ENOSPC", "EDQUOT", "SQLITE_FULL"].includes(code) || /^SQLITE_IOERR_(WRITE|FSYNC|SHMSIZE)/.test(code);
}
