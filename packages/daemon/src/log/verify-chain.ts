/** Walks the table `events` once, in position order, and says what of it is not as an append would have left it. It reads only. */
import { evolve, initialState, parseEvent, type State } from "@aedev/core";
import { canonicalText } from "./canonical-text.ts";
import type { SqliteDatabase } from "./sqlite/database.ts";
import { chainHash, type EventRow, eventRowSchema, genesisHash } from "./stored-event.ts";

/** One thing that is wrong: at a position of the log or in a row of a view, where it has such a place. */
export interface Problem {
  readonly position?: number;
  /** `view_tasks/<id>`, or the view's table alone. */
  readonly row?: string;
  readonly what: string;
}

export interface Walk {
  readonly problems: Problem[];
  /** The last position and its hash as stored; 0 and the genesis hash for an empty log. */
  position: number;
  hash: string;
  /** The fold of everything; null from the first event on that cannot be folded. */
  state: State | null;
  /** Stored hash and epoch at each wanted position that exists. */
  readonly seen: Map<number, { hash: string; epoch: number | null }>;
}

interface Memory {
  /** Hash of the previous row computed from its columns: differs from the stored one where only that was changed. */
  computedHash: string;
  readonly versions: Map<string, number>;
  readonly commandIds: Set<string>;
}

/** `walk` is filled as far as the database can be read; a database error is thrown through. */
export function walkChain(database: SqliteDatabase, walk: Walk, wanted: ReadonlySet<number>): void {
  const memory: Memory = { computedHash: genesisHash, versions: new Map(), commandIds: new Set() };
  const rows = database.prepare("SELECT * FROM events ORDER BY position");
  for (const row of rows.iterate() as Iterable<EventRow>) {
    walkRow(row, walk, memory);
    if (wanted.has(walk.position))
      walk.seen.set(walk.position, { hash: walk.hash, epoch: walk.state?.system.epoch ?? null });
  }
}

export function startWalk(): Walk {
  return { problems: [], position: 0, hash: genesisHash, state: initialState, seen: new Map() };
}

function walkRow(row: EventRow, walk: Walk, memory: Memory): void {
  const { position } = row;
  const say = (what: string) => void walk.problems.push({ position, what });
  const expected = walk.position + 1;
  if (position !== expected)
    walk.problems.push({
      position: expected,
      what: `${range(expected, position - 1)} missing: the next event is ${position}`,
    });
  const parsed = eventRowSchema.safeParse(row);
  if (!parsed.success)
    say(
      `a column is not what an append writes: ${parsed.error.issues.map((issue) => issue.path.join(".")).join(", ")}`,
    );
  checkOrder(row, memory, say);
  const hash = chainHash(row, row.data, walk.hash);
  if (row.hash !== hash && row.hash !== chainHash(row, row.data, memory.computedHash))
    say(
      "the hash does not fit the columns and the previous hash: the event was changed, moved, or its predecessor removed",
    );
  checkData(row, walk, say);
  memory.computedHash = hash;
  walk.position = position;
  walk.hash = row.hash;
}

function checkOrder(row: EventRow, memory: Memory, say: (what: string) => void): void {
  const version = (memory.versions.get(row.stream) ?? 0) + 1;
  if (row.version !== version)
    say(`version ${row.version} of the stream ${row.stream} stands where ${version} belongs`);
  memory.versions.set(row.stream, row.version);
  if (memory.commandIds.has(row.command_id)) say(`the command id ${row.command_id} is there twice`);
  memory.commandIds.add(row.command_id);
}

function checkData(row: EventRow, walk: Walk, say: (what: string) => void): void {
  try {
    const data: unknown = JSON.parse(row.data);
    if (canonicalText(data) !== row.data) say("the data is not canonical JSON");
    const event = parseEvent(row.type, row.schema, data);
    if (walk.state !== null)
      walk.state = evolve(walk.state, { ...event, stream: row.stream, recorded_at: row.recorded_at });
  } catch (error) {
    walk.state = null;
    say(`the event cannot be read: ${error instanceof Error ? firstLine(error.message) : error}`);
  }
}

function range(from: number, to: number): string {
  return from === to ? `position ${from} is` : `positions ${from} to ${to} are`;
}

function firstLine(message: string): string {
  return message.replaceAll(/\s+/g, " ").slice(0, 200);
}
