/**
 * Keeps the archives of prepared outputs within their bound. It never deletes one that a work item of this process uses. Use by another process, such as a
 * replay, shows only in an archive's file time.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { readdirSync, readFileSync, rmSync, statSync, utimesSync } from "node:fs";
import { basename, join } from "node:path";
import { archivesOver, preparedArchives, unusedAfterMs } from "@aedev/host/prepared-archives";

/** The archives that one work item has used and may unpack again. */
type Used = Set<string>;
const workItem = new AsyncLocalStorage<Used>();
const underWay = new Set<Used>();
/** When this process last used each archive, as its file time says. */
const usedHereAtMs = new Map<string, number>();

/** Notes that the calling work item uses the archive. */
export function noteUse(archivePath: string): void {
  const now = new Date();
  utimesSync(archivePath, now, now);
  usedHereAtMs.set(archivePath, statSync(archivePath).mtimeMs);
  workItem.getStore()?.add(archivePath);
}

/** Performs one work item, then deletes archives beyond the bound that no other work item uses. With `bytesMax` null there is no bound. */
export async function boundedAfter<T>(store: string, bytesMax: number | null, work: () => Promise<T>): Promise<T> {
  const used: Used = new Set();
  underWay.add(used);
  try {
    return await workItem.run(used, work);
  } finally {
    underWay.delete(used);
    deleteOver(store, bytesMax);
  }
}

function deleteOver(store: string, bytesMax: number | null): void {
  const nowMs = Date.now();
  const over = archivesOver(preparedArchives(store), bytesMax, ({ path, usedAtMs }) => {
    const isOwn = usedHereAtMs.get(path) === usedAtMs;
    return isOwn ? [...underWay].some((used) => used.has(path)) : usedAtMs > nowMs - unusedAfterMs;
  });
  if (over.length === 0) return;
  for (const { path } of over) {
    rmSync(path, { force: true });
    usedHereAtMs.delete(path);
  }
  // A record is useless without its archive.
  const gone = new Set(over.map(({ path }) => basename(path, ".tar")));
  for (const name of readdirSync(store).filter((one) => /^[0-9a-f]{64}\.json$/.test(one))) {
    const archive = /"archive":"([0-9a-f]{64})"/.exec(readFileSync(join(store, name), "utf8"))?.[1];
    if (archive !== undefined && gone.has(archive)) rmSync(join(store, name), { force: true });
  }
}
