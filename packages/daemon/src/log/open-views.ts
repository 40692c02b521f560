/** Gives readers the views of a log that is open read-only: the saved views or, if those don't match the log, views built in a temporary database. */

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
  /** Calls `use` with views that match the log now; all its reads come from one snapshot. */
  read<T>(use: (views: OpenedViews) => T): T;
  close(): void;
}

/** The caller closes `database`. */
export function openViews(database: SqliteDatabase): ViewSource {
  const saved = { state: createStateReader(database), queries: createViewQueries(database) };
  let made: (Omit<OpenedViews, "end"> & { hash: string; database: SqliteDatabase }) | null = null;

  /** Builds the views elsewhere, because a log that is only read must not change. The next daemon rebuilds its own views. */
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
