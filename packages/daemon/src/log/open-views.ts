/** The views of a log that is opened read-only: the saved views or, if they do not match the log, views built in a temporary database. */

import { type LogPlace, logEnd } from "./log-place.ts";
import { createStateReader, type StateReader } from "./open-state.ts";
import { rebuildViews } from "./rebuild-views.ts";
import { openTemporary, type SqliteDatabase } from "./sqlite/database.ts";
import { createViewQueries, type ViewQueries } from "./view-queries.ts";
import { viewsFit } from "./views.ts";

export interface OpenedViews {
  readonly state: StateReader;
  readonly queries: ViewQueries;
  /** The log's end. */
  readonly end: LogPlace;
}
export interface ViewSource {
  /** Calls `use` with views that match the log now; everything that it reads is from one snapshot. */
  read<T>(use: (views: OpenedViews) => T): T;
  close(): void;
}

/** `database` is closed by the caller. */
export function openViews(database: SqliteDatabase): ViewSource {
  const saved = { state: createStateReader(database), queries: createViewQueries(database) };
  let made: (Omit<OpenedViews, "end"> & { hash: string; database: SqliteDatabase }) | null = null;

  /** A log without matching views is not changed: the next daemon rebuilds them when it starts. */
  function viewsBeside(end: LogPlace): Omit<OpenedViews, "end"> {
    if (made?.hash === end.hash) return made;
    made?.database.close();
    const beside = openTemporary();
    rebuildViews(database, beside);
    const [state, queries] = [createStateReader(beside, database), createViewQueries(beside, database)];
    made = { state, queries, hash: end.hash, database: beside };
    return made;
  }

  const atOnce = database.transaction((use: (views: OpenedViews) => unknown) => {
    const end = logEnd(database);
    return use({ ...(viewsFit(database) ? saved : viewsBeside(end)), end });
  });
  return {
    read: <T>(use: (views: OpenedViews) => T) => atOnce.deferred(use) as T,
    close: () => made?.database.close(),
  };
}
