/** Reserves space on the log's disk with a file (SECURITY T20), removed when the disk is full so that the next start can still write its log. */
import { closeSync, fsyncSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { diskFreeBytes } from "@aedev/host/disk-free";
import { homeLayout } from "@aedev/host/home-layout";

/** Enough for thousands of events with their views. */
export const reserveBytes = 4 * 1024 * 1024;
/** The reserve is created only if as much space again stays free. */
const freeFactor = 2;
const chunkBytes = 1024 * 1024;

/** Whether the reserve exists at its full size. */
export function hasReserve(home: string): boolean {
  const found = statSync(homeLayout(home).reserve, { throwIfNoEntry: false });
  return found?.isFile() === true && found.size === reserveBytes;
}

/** Creates the reserve. False: there is no room now; a later start creates it. */
export function keepReserve(home: string): boolean {
  if (hasReserve(home)) return true;
  if (diskFreeBytes(home) < freeFactor * reserveBytes) return false;
  // Written in full, because a sparse file takes no space.
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

/** Releases the space. Never throws, because it runs while the process is dying of something else. */
export function releaseReserve(home: string): boolean {
  try {
    rmSync(homeLayout(home).reserve, { force: true });
    return true;
  } catch {
    return false;
  }
}

/** Whether the error says that a disk or quota is full, from the file system or from SQLite. */
export function isDiskFull(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return ["ENOSPC", "EDQUOT", "SQLITE_FULL"].includes(code) || /^SQLITE_IOERR_(WRITE|FSYNC|SHMSIZE)/.test(code);
}
