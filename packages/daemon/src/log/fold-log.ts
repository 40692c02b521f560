/** Folds a log into the rows of its views, stream by stream, so that memory holds only one entity and one page of events. It only reads. */
import { escapeLine, Fault } from "@aedev/contracts";
import type { DomainEvent } from "@aedev/contracts/events";
import {
  type EntityKind,
  type EntityOfKind,
  entityOf,
  evolveEntity,
  parseEvent,
  schemaNumberOf,
} from "@aedev/core/reading";
import { canonicalText } from "./canonical-text.ts";
import type { SqliteDatabase } from "./sqlite/database.ts";
import type { EventRow } from "./sqlite/stored-event.ts";
import {
  columnsOf,
  hasWholeEntities,
  listRows,
  listTables,
  streamPrefixOf,
  type Value,
  type ViewKind,
} from "./view-tables.ts";

/** An entity as the view tables store it: its columns, its rows in each list's table and, if the table has whole entities, its canonical text. */
export interface ViewEntry {
  readonly kind: ViewKind;
  readonly id: string;
  readonly text: string | null;
  readonly columns: readonly Value[];
  readonly lists: readonly (readonly (readonly Value[])[] | null)[];
}

/** An entity after all events of its stream. */
export interface FoldedEntity {
  readonly kind: EntityKind;
  readonly id: string;
  readonly entity: EntityOfKind[EntityKind];
}

export function viewEntry({ kind, id, entity }: FoldedEntity): ViewEntry {
  const lists = listTables.map((list) => (list.kind === kind ? listRows(list, entity) : null));
  return {
    kind,
    id,
    text: hasWholeEntities(kind) ? canonicalText(entity) : null,
    columns: columnsOf(kind, entity),
    lists,
  };
}

/** The columns of an event that the fold reads. */
type StreamRow = Pick<EventRow, "stream" | "version" | "type" | "schema" | "data" | "recorded_at">;
const rowColumns = "stream, version, type, schema, data, recorded_at";
/** Sorts after the name of every stream. */
export const afterAllStreams = "\u{10ffff}";
/** Longest part that is kept of JavaScript's message about a damaged event. */
const causeLengthMax = 200;
/** How many events one read fetches. */
const eventsPerPage = 500;

/** Streams whose names come after `after`, up to and including `upTo`. */
interface StreamRange {
  readonly after: string;
  readonly upTo: string;
}

/** The streams to fold: those with an event after position `from` unless that is 0, else those in a range. */
export interface LogPart extends Partial<StreamRange> {
  /** Ignore events after this position; by default none are ignored. */
  readonly until?: number;
  readonly from?: number;
}

/** All streams of a kind. The system has only one, without a prefix. */
export function streamsOf(kind: Exclude<ViewKind, "system">): StreamRange {
  const after = streamPrefixOf(kind);
  return { after, upTo: `${after}${afterAllStreams}` };
}

/** Yields the entries of the streams in the order of their names. Throws a Fault `log-unreadable` if an event can't be folded. */
export function* foldLog(database: SqliteDatabase, part: LogPart = {}): Generator<ViewEntry[]> {
  for (const folded of foldEntities(database, part)) yield folded.map(viewEntry);
}

/** Folds one stream; undefined if it has no event. Throws a Fault `log-unreadable` if an event can't be folded. */
export function createStreamFold(database: SqliteDatabase): (stream: string) => FoldedEntity | undefined {
  const events = database.prepare(`SELECT ${rowColumns} FROM events WHERE stream = ? ORDER BY version`);
  return (stream) => (events.all(stream) as StreamRow[]).reduce<FoldedEntity | undefined>(afterRow, undefined);
}

/**
 * Yields the entities of the streams in the order of their names. Events of the current schema are taken as stored: they were parsed before the append, and
 * `verify` parses them again. Throws a Fault `log-unreadable` if an event can't be folded.
 */
export function* foldEntities(database: SqliteDatabase, part: LogPart = {}): Generator<FoldedEntity[]> {
  let open: FoldedEntity | undefined;
  let stream = "";
  for (const rows of part.from ? streamsAfter(database, part.from) : pages(database, part)) {
    const entities: FoldedEntity[] = [];
    for (const row of rows) {
      if (row.stream !== stream) {
        if (open !== undefined) entities.push(open);
        open = undefined;
        stream = row.stream;
      }
      open = afterRow(open, row);
    }
    yield entities;
  }
  if (open !== undefined) yield [open];
}

/** The entity after this row's event. `open` is the entity before it. */
function afterRow(open: FoldedEntity | undefined, row: StreamRow): FoldedEntity {
  const { stream, recorded_at } = row;
  const { kind, id }: Pick<FoldedEntity, "kind" | "id"> = open ?? entityOf(stream);
  try {
    const event = { ...readStored(row), stream, recorded_at };
    return { kind, id, entity: evolveEntity(kind, open?.entity as never, event) };
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    throw new Fault(
      "log-unreadable",
      `event ${row.version} of ${stream} can't be read: ${escapeLine(String(cause), causeLengthMax)}`,
      {
        hint: "aedev events verify",
        cause,
      },
    );
  }
}

/** Events in the order of their streams, through the index that keeps stream versions unique. */
function* pages(database: SqliteDatabase, part: LogPart): Generator<StreamRow[]> {
  const { after = "", upTo = afterAllStreams, until = Number.MAX_SAFE_INTEGER } = part;
  const page = database.prepare(
    `SELECT ${rowColumns} FROM events WHERE (stream, version) > (?, ?) AND stream <= ? AND position <= ? ORDER BY stream, version LIMIT ${eventsPerPage}`,
  );
  let last: Pick<StreamRow, "stream" | "version"> | undefined = { stream: after, version: Number.MAX_SAFE_INTEGER };
  while (last !== undefined) {
    const rows = page.all(last.stream, last.version, upTo, until) as StreamRow[];
    yield rows;
    last = rows.at(-1);
  }
}

function* streamsAfter(database: SqliteDatabase, position: number): Generator<StreamRow[]> {
  const changed = database.prepare("SELECT DISTINCT stream FROM events WHERE position > ?").pluck().all(position);
  const events = database.prepare(`SELECT ${rowColumns} FROM events WHERE stream = ? ORDER BY version`);
  for (const stream of changed) yield events.all(stream) as StreamRow[];
}

function readStored({ type, schema, data }: StreamRow): DomainEvent {
  const value: unknown = JSON.parse(data);
  return schema === schemaNumberOf(type) ? ({ type, data: value } as DomainEvent) : parseEvent(type, schema, value);
}
