/** A point in the log (a position and its hash), and how to find one. Used by the append, verification, export and the views. */
import type { SqliteDatabase } from "./sqlite/database.ts";
import { genesisHash } from "./sqlite/stored-event.ts";

/** A point in the log: the event at `position` has `hash`; position 0 is before the first event. */
export interface LogPlace {
  readonly position: number;
  readonly hash: string;
}

/** The place of the last event up to `position`. */
export function placeUpTo(database: SqliteDatabase, position: number): LogPlace {
  const sql = "SELECT position, hash FROM events WHERE position <= ? ORDER BY position DESC LIMIT 1";
  return (database.prepare(sql).get(position) as LogPlace | undefined) ?? { position: 0, hash: genesisHash };
}

/** The place of the last event. */
export function logEnd(database: SqliteDatabase): LogPlace {
  return placeUpTo(database, Number.MAX_SAFE_INTEGER);
}
