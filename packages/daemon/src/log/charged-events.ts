/** Finds in SQLite's log the events that charges are made of. It only reads. */
import { chargedTypes } from "@aedev/core/reading";
import type { ChargedEvents } from "./charges.ts";
import type { SqliteDatabase } from "./sqlite/database.ts";
import { type EventRow, parseRow, type StoredEvent } from "./sqlite/stored-event.ts";

export function chargedEventsOf(database: SqliteDatabase): ChargedEvents {
  const ofTypes = `type IN (${chargedTypes.map((type) => `'${type}'`).join(", ")})`;
  const from = database.prepare(`SELECT * FROM events WHERE position >= ? AND ${ofTypes} ORDER BY position`);
  const ofStream = database.prepare(`SELECT * FROM events WHERE stream = ? AND ${ofTypes} ORDER BY version`);
  const ofType = database.prepare("SELECT * FROM events WHERE type = ? ORDER BY position");
  const first = database.prepare("SELECT * FROM events WHERE stream = ? AND version = 1");
  const before = database.prepare(
    "SELECT * FROM events WHERE stream = ? AND version < ? AND type = ? ORDER BY version DESC",
  );
  const recordedAt = database.prepare("SELECT recorded_at FROM events WHERE position = ?").pluck();
  const last = database.prepare("SELECT coalesce(max(position), 0) FROM events").pluck();
  const parsed = (rows: readonly unknown[]) => rows.map((row) => parseRow(row as EventRow));
  return {
    end: () => last.get() as number,
    recordedAt: (position) => recordedAt.get(position) as string,
    from: (position) => parsed(from.all(position)),
    ofType: (type) => parsed(ofType.all(type)),
    ofStream: (stream) => parsed(ofStream.all(stream)),
    firstOf: (stream) => parsed(first.all(stream))[0],
    *before({ stream, version }, type): Iterable<StoredEvent> {
      for (const row of before.iterate(stream, version, type)) yield parseRow(row as EventRow);
    },
  };
}
