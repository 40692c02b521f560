/** Opens a home for reading and loads nothing else: `aedev status` pays for every import here. */
import { blobStore } from "./home/blobs.ts";
import { homeLayout } from "./home/layout.ts";
import type { OfflineHome } from "./index.ts";
import { openForReading } from "./log/sqlite/database.ts";
import { loadState } from "./log/views.ts";

/** Throws a Fault `HOME-MISSING` where there is no log. */
export function openOffline(home: string): OfflineHome {
  const database = openForReading(homeLayout(home).log);
  const readAtOnce = database.transaction(() => loadState(database).state);
  return { state: () => readAtOnce.deferred(), blobs: blobStore(home), close: () => void database.close() };
}
