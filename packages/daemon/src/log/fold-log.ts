/** Folds a whole log into the rows of its views in one pass, a few hundred rows at a time. It only reads. */
import type { DomainEvent } from "@aedev/contracts/events";
import { parseEvent, schemaNumberOf } from "@aedev/core";
import { canonicalText } from "./canonical-text.ts";
import { type FoldedEntity, isLastSql, StreamFold, type StreamRow } from "./fold-streams.ts";
import type { SqliteDatabase } from "./sqlite/database.ts";
import { type EventRow, genesisHash } from "./sqlite/stored-event.ts";
import { columnsOf, listRows, listTables, type Value, type ViewKind } from "./view-tables.ts";

/** A point in the log: the event at `position` has `hash`; position 0 is before the first event. */
export interface LogPlace {
  readonly position: number;
  readonly hash: string;
}

/** An entity's content in the view tables: its canonical text, its columns, and its rows in the table of each list. */
export interface ViewEntry {
  readonly kind: ViewKind;
  readonly id: string;
  readonly text: string;
  readonly columns: readonly Value[];
  readonly lists: readonly (readonly (readonly Value[])[] | null)[];
}

/** The place of the last event up to `position`. */
export function placeUpTo(database: SqliteDatabase, position: number): LogPlace {
  const sql = "SELECT position, hash FROM events WHERE position <= ? ORDER BY position DESC LIMIT 1";
  return (database.prepare(sql).get(position) as LogPlace | undefined) ?? { position: 0, hash: genesisHash };
}

export function viewEntry({ kind, id, entity }: FoldedEntity, text = canonicalText(entity)): ViewEntry {
  const lists = listTables.map((list) => (list.kind === kind ? listRows(list, entity) : null));
  return { kind, id, text, columns: columnsOf(kind, entity), lists };
}

/** Events per read. */
const eventsPerRead = 2_000;

/**
 * Yields the entry of each stream with an event after `from`, once the stream's last event was read; the log's end comes last. An event of the
 * current schema is taken as stored: it was parsed before it was appended, and `verify` parses it again.
 */
export function* foldLog(database: SqliteDatabase, from = 0): Generator<ViewEntry[], LogPlace> {
  const fold = new StreamFold(database, readStored);
  const page = database.prepare(
    `SELECT position, stream, version, type, schema, data, recorded_at, hash, ${isLastSql} FROM events WHERE position > ? ORDER BY position LIMIT ${eventsPerRead}`,
  );
  let end = placeUpTo(database, from);
  for (;;) {
    const rows = page.all(end.position) as (StreamRow & LogPlace)[];
    yield rows.flatMap((row) => {
      const folded = fold.take(row, readStored(row));
      return folded === null ? [] : [viewEntry(folded)];
    });
    end = rows.at(-1) ?? end;
    if (rows.length < eventsPerRead) return { position: end.position, hash: end.hash };
  }
}

function readStored({ type, schema, data }: Pick<EventRow, "type" | "schema" | "data">): DomainEvent {
  const value: unknown = JSON.parse(data);
  return schema === schemaNumberOf(type) ? ({ type, data: value } as DomainEvent) : parseEvent(type, schema, value);
}
