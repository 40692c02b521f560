/** Reading a log without owning it: for the CLI and the status board, beside a running daemon or without one. It can write nothing. */

import { exportLines } from "./export.ts";
import { openForReading } from "./sqlite/database.ts";
import type { StoredEvent } from "./stored-event.ts";
import { type EventQuery, listEvents } from "./tables.ts";
import { type FoldedLog, loadState } from "./views.ts";

export interface LogReader extends Disposable {
  /** The state as the log is now, from the saved views and the tail folded on them. */
  read(): FoldedLog;
  listEvents(query?: EventQuery): Promise<StoredEvent[]>;
  exportLines(options?: { views?: boolean }): Generator<string>;
  close(): void;
}

/** Throws a Fault `HOME-MISSING` where there is no log at `path`. */
export function openLogReader(path: string): LogReader {
  const database = openForReading(path);
  const readAtOnce = database.transaction(() => loadState(database));
  const close = () => void database.close();
  return {
    read: () => readAtOnce.deferred(),
    listEvents: (query) => listEvents(database, query),
    exportLines: (options) => exportLines(database, options),
    close,
    [Symbol.dispose]: close,
  };
}
