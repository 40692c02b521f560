/** The archives of prepared dependencies in a home (`prepared/`), and which of them go once they are too large together. It deletes nothing. */
import { existsSync, lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** A process that does not use an archive knows no better than its time whether another one does. */
export const unusedAfterMs = 3_600_000;

export interface PreparedArchive {
  /** Absolute. */
  readonly path: string;
  readonly sizeBytes: number;
  /** Milliseconds since 1970. */
  readonly usedAtMs: number;
}

/** The least recently used first. `store`: the home's folder `prepared/`. */
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
 * What has to go so that no more than `bytesMax` are left (null: no bound), the least recently used first. The archive that was used last stays, whatever its
 * size: the next run is likely to need it.
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
