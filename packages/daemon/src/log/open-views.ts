/** The views of a log that is only read: those that are saved, or, when these do not fit the log, views made beside it in a temporary database. */

import type { LogPlace } from "./fold-log.ts";
import { createStateReader, type StateReader } from "./open-state.ts";
import { openTemporary, type SqliteDatabase } from "./sqlite/database.ts";
import { createViewQueries, type ViewQueries } from "./view-queries.ts";
import { logEnd, rebuildViews, viewsFit } from "./views.ts";

export interface OpenedViews {
  readonly state: StateReader;
  readonly queries: ViewQueries;
  /** How far the log is. */
  readonly end: LogPlace;
}
export interface ViewSource {
  /** The views as the log is now; what `use` reads of them is of one instant. */
  read<T>(use: (views: OpenedViews) => T): T;
  close(): void;
}

/** `database` is closed by the caller. */
export function openViews(database: SqliteDatabase): ViewSource {
  const saved = { state: createStateReader(database), queries: createViewQueries(database) };
  let made: (Omit<OpenedViews, "end"> & { hash: string; database: SqliteDatabase }) | null = null;

  /** A log without fitting views does not change: the next daemon makes them when it starts. */
  function viewsBeside(end: LogPlace): Omit<OpenedViews, "end"> {
    if (made?.hash === end.hash) return made;
    made?.database.close();
    const beside = openTemporary();
    rebuildViews(database, beside);
    made = { state: createStateReader(beside), queries: createViewQueries(beside), hash: end.hash, database: beside };
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
