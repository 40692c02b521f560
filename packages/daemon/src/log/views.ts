/**
 * The state saved as rows: one table per kind of entity, one canonical row per entity. Views are folds of the log, versioned, and rebuilt
 * from it whenever they are missing, of another version or of another log; nothing else may write them.
 */
import { type EntityKind, entityOf, evolve, initialState, type State } from "@aedev/core";
import { Fault } from "@aedev/core/wire";
import { canonicalText } from "./canonical-text.ts";
import type { SqliteDatabase, SqliteStatement } from "./sqlite/database.ts";
import { type EventRow, genesisHash, parseRow } from "./stored-event.ts";

/** Raised whenever the meaning or form of a view row changes; older views are then rebuilt at start-up. */
export const viewsVersion = 5;
export const viewKinds = [
  "system",
  "repositories",
  "missions",
  "tasks",
  "approvals",
  "canaries",
  "audits",
] as const satisfies readonly EntityKind[];
export type ViewKind = (typeof viewKinds)[number];
/** Canonical texts of objects that were written a moment ago: an entity can be the very data of its event. */
export type KnownTexts = { get(value: object): string | undefined };
export interface ViewRow {
  readonly table: string;
  readonly id: string;
  readonly data: string;
}
/** The state as far as `position`, whose event has `hash`; position 0 is before the first event. */
export interface FoldedLog {
  readonly state: State;
  readonly position: number;
  readonly hash: string;
}

const emptyLog: FoldedLog = { state: initialState, position: 0, hash: genesisHash };
const tableOf = (kind: ViewKind) => `view_${kind}`;
export const viewTables: readonly string[] = viewKinds.map(tableOf);

/** Every view row of a state, tables in their order and ids in theirs. */
export function* viewRows(state: State): Generator<ViewRow> {
  for (const kind of viewKinds) {
    const ids =
      kind === "system" ? (state.system === initialState.system ? [] : ["system"]) : Object.keys(state[kind]).sort();
    for (const id of ids) yield viewRow(state, kind, id);
  }
}

function viewRow(state: State, kind: ViewKind, id: string, known?: KnownTexts): ViewRow {
  const entity = kind === "system" ? state.system : state[kind][id];
  return { table: tableOf(kind), id, data: (entity && known?.get(entity)) ?? canonicalText(entity) };
}

/** The rows that stand in the view tables, in the order of `viewRows`; a missing table has none. */
export function* storedViewRows(database: SqliteDatabase): Generator<ViewRow> {
  for (const table of viewTables) {
    if (!hasTable(database, table)) continue;
    const rows = database.prepare(`SELECT id, data FROM ${table} ORDER BY id`);
    for (const row of rows.iterate() as Iterable<{ id: string; data: string }>) yield { table, ...row };
  }
}

export function hasTable(database: SqliteDatabase, table: string): boolean {
  return database.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(table) !== undefined;
}

/** The state at the log's end: the saved views and the tail folded on them, or, where they don't fit, a fold of everything. `saved`: the views say the same already. */
export function loadState(database: SqliteDatabase): FoldedLog & { saved: boolean } {
  const saved = savedState(database);
  const folded = foldAfter(database, saved ?? emptyLog);
  return { ...folded, saved: saved !== null && saved.position === folded.position };
}

/** Folds every event after `start`. Throws on an event that cannot be folded. */
export function foldAfter(database: SqliteDatabase, start: FoldedLog = emptyLog): FoldedLog {
  let folded = start;
  const rows = database.prepare("SELECT * FROM events WHERE position > ? ORDER BY position");
  for (const row of rows.iterate(start.position) as Iterable<EventRow>)
    folded = { state: evolve(folded.state, parseRow(row)), position: row.position, hash: row.hash };
  return folded;
}

function savedState(database: SqliteDatabase): FoldedLog | null {
  if (![...viewTables, "view_meta"].every((table) => hasTable(database, table))) return null;
  const meta = readViewMeta(database);
  if (meta === undefined || meta.version !== viewsVersion) return null;
  const { position, hash } = meta;
  const event = database.prepare("SELECT hash FROM events WHERE position = ?").get(position) as
    | { hash: string }
    | undefined;
  if (hash !== (position === 0 ? genesisHash : event?.hash)) return null;
  const entities: Record<ViewKind, Record<string, unknown>> = {
    system: {},
    repositories: {},
    missions: {},
    tasks: {},
    approvals: {},
    canaries: {},
    audits: {},
  };
  for (const kind of viewKinds) {
    const rows = database.prepare(`SELECT id, data FROM ${tableOf(kind)}`);
    for (const row of rows.iterate() as Iterable<{ id: string; data: string }>)
      entities[kind][row.id] = parseViewData(tableOf(kind), row);
  }
  // The rows are this version's own canonical form of the same types: version and chain position were compared above.
  const { system, ...rest } = entities;
  return { state: { system: system.system ?? initialState.system, ...rest } as State, position, hash };
}

function parseViewData(table: string, row: { id: string; data: string }): unknown {
  try {
    return JSON.parse(row.data);
  } catch (cause) {
    throw new Fault("VIEW-UNREADABLE", `${table} ${row.id} is not JSON`, { hint: "aedev events rebuild", cause });
  }
}

export function readViewMeta(
  database: SqliteDatabase,
): { version: number; position: number; hash: string } | undefined {
  if (!hasTable(database, "view_meta")) return undefined;
  return database.prepare("SELECT version, position, hash FROM view_meta WHERE id = 'views'").get() as
    | { version: number; position: number; hash: string }
    | undefined;
}

/** Drops the view tables and writes them anew from `folded`, in one transaction. */
export function rewriteViews(database: SqliteDatabase, folded: FoldedLog): void {
  database.transaction(() => {
    for (const table of [...viewTables, "view_meta"]) database.exec(`DROP TABLE IF EXISTS ${table}`);
    for (const table of viewTables)
      database.exec(`CREATE TABLE ${table} (id TEXT PRIMARY KEY NOT NULL, data TEXT NOT NULL) STRICT`);
    database.exec(
      "CREATE TABLE view_meta (id TEXT PRIMARY KEY NOT NULL, version INTEGER NOT NULL, position INTEGER NOT NULL, hash TEXT NOT NULL) STRICT",
    );
    const writer = createViewWriter(database);
    for (const row of viewRows(folded.state)) writer.put(row);
    writer.mark(folded);
  })();
}

/** Writes changed entities inside the append's transaction. */
export interface ViewWriter {
  put(row: ViewRow): void;
  /** Writes the entities of these streams as they are in `folded.state`, and how far the views now are. */
  save(streams: Iterable<string>, folded: FoldedLog, known: KnownTexts): void;
  mark(folded: FoldedLog): void;
}

export function createViewWriter(database: SqliteDatabase): ViewWriter {
  const upserts = new Map<string, SqliteStatement>(
    viewTables.map((table) => [
      table,
      database.prepare(
        `INSERT INTO ${table} (id, data) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET data = excluded.data`,
      ),
    ]),
  );
  const meta = database.prepare(
    "INSERT INTO view_meta (id, version, position, hash) VALUES ('views', ?, ?, ?) ON CONFLICT (id) DO UPDATE SET version = excluded.version, position = excluded.position, hash = excluded.hash",
  );
  const put = (row: ViewRow) => void upserts.get(row.table)?.run(row.id, row.data);
  const mark = (folded: FoldedLog) => void meta.run(viewsVersion, folded.position, folded.hash);
  return {
    put,
    mark,
    save(streams, folded, known) {
      for (const stream of streams) {
        const { kind, id } = entityOf(stream);
        put(viewRow(folded.state, kind, id, known));
      }
      mark(folded);
    },
  };
}
