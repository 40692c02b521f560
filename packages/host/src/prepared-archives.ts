/** The archives of prepared dependencies in a home (`prepared/`), and which of them to delete once they are too large together. It deletes nothing. */
import { existsSync, lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** An archive unused for this long counts as unused: its time is all that one process knows about its use by another. */
export const unusedAfterMs = 3_600_000;

export interface PreparedArchive {
  /** Absolute. */
  readonly path: string;
  readonly sizeBytes: number;
  /** Milliseconds since 1970. */
  readonly usedAtMs: number;
}

/** The archives, least recently used first. `store`: the home's folder `prepared/`. */
export function preparedArchives(store: string): PreparedArchive[] {
  if (!existsSync(store)) return [];
  const found = readdirSync(store).flatMap((name) => {
    const path = join(store, name);
    const state = /^[0-9a-f]{64}\.tar$/.test(name) ? lstatSync(path, { throwIfNoEntry: false }) : undefined;
    return state?.isFile() !== true ? [] : [{ path, sizeBytes: state.size, usedAtMs: state.mtimeMs }];
  });
  return found.toSorted((one, other) => one.usedAtMs - other.usedAtMs);
}

/**
 * The archives to delete so that at most `bytesMax` remain (null: no bound), least recently used first. The most recently used archive stays, whatever
 * its size, because the next run is likely to need it.
 */
export function archivesOver(
  archives: readonly PreparedArchive[],
  bytesMax: number | null,
  isUsed: (archive: PreparedArchive) => boolean,
): PreparedArchive[] {
  if (bytesMax === null) return [];
  let total = archives.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return archives.slice(0, -1).filter((archive) => {
    if (total <= bytesMax || isUsed(archive)) return false;
    total -= archive.sizeBytes;
    return true;
  });
}
