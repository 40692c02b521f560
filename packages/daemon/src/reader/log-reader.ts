/** Reads a log for the CLI and the status board, beside a running daemon or without one. It can't write. */

import { type ExportOptions, exportLines } from "../log/export.ts";
import { type OpenedViews, openViews } from "../log/open-views.ts";
import { openForReading } from "../log/sqlite/database.ts";
import { refuseNewer } from "../log/sqlite/log-format.ts";
import type { StoredEvent } from "../log/sqlite/stored-event.ts";
import { type EventQuery, eventsOfTypes, listEvents } from "../log/sqlite/tables.ts";

export interface LogReader extends Disposable {
  /** Reads views that match the current log. */
  read<T>(use: (views: OpenedViews) => T): T;
  listEvents(query?: EventQuery): Promise<StoredEvent[]>;
  eventsOfTypes(types: readonly StoredEvent["type"][]): StoredEvent[];
  exportLines(options?: ExportOptions): Generator<string>;
}

/** Throws a Fault `no-home` if there is no log at `path`. */
export function openLogReader(path: string): LogReader {
  const database = openForReading(path);
  refuseNewer(database);
  const views = openViews(database);
  return {
    read: views.read,
    listEvents: (query) => listEvents(database, query),
    eventsOfTypes: (types) => eventsOfTypes(database, types),
    exportLines: (options) => exportLines(database, options),
    [Symbol.dispose]() {
      views.close();
      database.close();
    },
  };
}
