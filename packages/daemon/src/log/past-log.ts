/** Shows a log as it was at an earlier position, by hiding later events from one connection. It changes no file. */
import { Fault } from "@aedev/contracts";
import { logEnd } from "./log-place.ts";
import type { SqliteDatabase } from "./sqlite/database.ts";

export interface PastPlace {
  readonly position: number;
  /** When the event at this position was recorded (ISO 8601 UTC). */
  readonly recorded_at: string;
  /** The current last position of the log. */
  readonly end: number;
}

/** Hides the events after `position` from every statement prepared on the connection from now on. Throws a Fault `unknown-position` if it is not in the log. */
export function hideEventsAfter(database: SqliteDatabase, position: number): PastPlace {
  const end = logEnd(database).position;
  if (!Number.isInteger(position) || position < 1 || position > end)
    throw new Fault("unknown-position", `the log has no position ${position}: it ends at ${end}`, {
      hint: "aedev events --limit 20",
    });
  const at = database.prepare("SELECT recorded_at FROM events WHERE position = ?").pluck().get(position);
  database.pragma("query_only = OFF");
  // SQLite looks a name up among temporary tables and views first.
  database.exec(`CREATE TEMP VIEW events AS SELECT * FROM main.events WHERE position <= ${position}`);
  database.pragma("query_only = ON");
  return { position, recorded_at: String(at), end };
}

/** The position of a stream's first event, even if that event is hidden; null if the stream has none. */
export function firstPosition(database: SqliteDatabase, stream: string): number | null {
  const sql = "SELECT position FROM main.events WHERE stream = ? AND version = 1";
  return (database.prepare(sql).pluck().get(stream) as number | undefined) ?? null;
}
