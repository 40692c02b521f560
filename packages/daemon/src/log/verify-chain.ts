/** Walks the table `events` once, in position order, and reports everything that no append would have written. It only reads; its memory use is bounded. */

import { parseEvent } from "@aedev/core";
import { canonicalText } from "./canonical-text.ts";
import { placeUpTo } from "./log-place.ts";
import type { SqliteDatabase, SqliteStatement } from "./sqlite/database.ts";
import { chainHash, type EventRow, eventRowSchema, genesisHash } from "./sqlite/stored-event.ts";

/** One problem, with a position in the log or the row of a view if it has such a place. */
export interface Problem {
  readonly position?: number;
  /** `view_tasks/<id>`, or the view's table alone. */
  readonly row?: string;
  readonly what: string;
}

const problemsMax = 50;

/** Collects the first problems and counts the rest. */
export class Problems {
  readonly #first: Problem[] = [];
  #more = 0;

  add(problem: Problem): void {
    if (this.#first.length < problemsMax) this.#first.push(problem);
    else this.#more += 1;
  }

  list(): readonly Problem[] {
    return this.#more === 0 ? this.#first : [...this.#first, { what: `and ${this.#more} more` }];
  }
}

export interface Walk {
  readonly problems: Problems;
  /** The last position and its hash as stored; 0 and the genesis hash for an empty log. */
  position: number;
  hash: string;
  /** The home's epoch according to the events so far. */
  epoch: number;
  /** Stored hash and epoch at each wanted position that exists. */
  readonly seen: Map<number, { hash: string; epoch: number }>;
}

/** Streams whose last version is cached; for the others it is looked up. */
const versionsMax = 10_000;

/** `position`: where the walk starts, 0 for the whole log. The stored event there is trusted. */
export function startWalk(database: SqliteDatabase | null, position = 0): Walk {
  const before = { problems: new Problems(), seen: new Map() };
  if (database === null || position === 0) return { ...before, position: 0, hash: genesisHash, epoch: 0 };
  const start = placeUpTo(database, position);
  return { ...before, ...start, epoch: epochAt(database, start.position) };
}

/** The home's epoch at a position; 0 if there is none yet. */
export function epochAt(database: SqliteDatabase, position: number): number {
  const sql =
    "SELECT json_extract(data, '$.epoch') FROM events WHERE stream = 'system' AND type IN ('HomeInitialized', 'LogAccepted', 'HomeRestored') AND json_valid(data) AND position <= ? ORDER BY version DESC LIMIT 1";
  const epoch: unknown = database.prepare(sql).pluck().get(position);
  return typeof epoch === "number" ? epoch : 0;
}

/** Fills `walk` as far as the database can be read, and throws the database's error. `wanted`: the positions to note in `seen`. */
export function walkChain(database: SqliteDatabase, walk: Walk, wanted: ReadonlySet<number>): void {
  const order = new VersionOrder(database);
  // The previous row's hash computed from its columns. It differs from the stored hash if a column was changed.
  let computedHash = walk.hash;
  const rows = database.prepare("SELECT * FROM events WHERE position > ? ORDER BY position");
  for (const row of rows.iterate(walk.position) as Iterable<EventRow>) {
    computedHash = walkRow(row, walk, { computedHash, order });
    if (wanted.has(walk.position)) walk.seen.set(walk.position, { hash: walk.hash, epoch: walk.epoch });
  }
}

interface Before {
  readonly computedHash: string;
  readonly order: VersionOrder;
}

/** Checks one row and returns its hash computed from its columns. */
function walkRow(row: EventRow, walk: Walk, { computedHash, order }: Before): string {
  const { position } = row;
  const say = (what: string) => walk.problems.add({ position, what });
  const expected = walk.position + 1;
  if (position !== expected)
    walk.problems.add({
      position: expected,
      what: `${rangeText(expected, position - 1)} missing: the next event is ${position}`,
    });
  const wrong = wrongColumns(row);
  if (wrong.length > 0) say(`a column is not what an append writes: ${wrong.join(", ")}`);
  const version = order.next(row);
  if (row.version !== version) say(`version ${row.version} of the stream ${row.stream} is where ${version} belongs`);
  const hash = chainHash(row, row.data, walk.hash);
  if (row.hash !== hash && row.hash !== chainHash(row, row.data, computedHash))
    say(
      "the hash does not match the columns and the previous hash: the event was changed, moved, or its predecessor removed",
    );
  walk.position = position;
  walk.hash = row.hash;
  readRow(row, walk, say);
  return hash;
}

const hashShape = /^[0-9a-f]{64}$/;
const instantShape = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** The columns with an invalid value. The slow check against the schema is made only for a suspicious row. */
function wrongColumns(row: EventRow): string[] {
  const texts = [row.stream, row.type, row.data, row.actor, row.command_id, row.correlation_id];
  const isPlain =
    texts.every((text) => typeof text === "string") &&
    (row.causation_id === null || typeof row.causation_id === "string") &&
    [row.position, row.version, row.schema].every((number) => Number.isSafeInteger(number) && number > 0) &&
    instantShape.test(row.recorded_at) &&
    hashShape.test(row.hash);
  if (isPlain) return [];
  return eventRowSchema.safeParse(row).error?.issues.map((issue) => issue.path.join(".")) ?? [];
}

function readRow(row: EventRow, walk: Walk, say: (what: string) => void): void {
  try {
    const data: unknown = JSON.parse(row.data);
    if (canonicalText(data) !== row.data) say("the data is not canonical JSON");
    const event = parseEvent(row.type, row.schema, data);
    if (event.type === "HomeInitialized" || event.type === "LogAccepted" || event.type === "HomeRestored")
      walk.epoch = event.data.epoch;
  } catch (error) {
    say(`the event can't be read: ${error instanceof Error ? firstLine(error.message) : error}`);
  }
}

/** Tells which version of its stream each event should have. */
class VersionOrder {
  readonly #last: SqliteStatement;
  readonly #versions = new Map<string, number>();

  constructor(database: SqliteDatabase) {
    this.#last = database
      .prepare("SELECT version FROM events WHERE stream = ? AND position < ? ORDER BY version DESC LIMIT 1")
      .pluck();
  }

  next({ stream, version, position }: EventRow): number {
    const known = this.#versions.get(stream);
    // The first version of a stream can't occur twice, so it needs no look-up.
    const last = known ?? (version === 1 ? 0 : ((this.#last.get(stream, position) as number | undefined) ?? 0));
    this.#versions.set(stream, version);
    if (this.#versions.size > versionsMax) this.#versions.delete(this.#versions.keys().next().value ?? "");
    return last + 1;
  }
}

function rangeText(from: number, to: number): string {
  return from === to ? `position ${from} is` : `positions ${from} to ${to} are`;
}

function firstLine(message: string): string {
  return message.replaceAll(/\s+/g, " ").slice(0, 200);
}
