/** Writes the views' rows in each append's transaction, and tells whether they fit a log. view-tables.ts defines the tables, rebuild-views.ts fills them. */
import { entityOf, type State } from "@aedev/core/reading";
import { type ViewEntry, viewEntry } from "./fold-log.ts";
import { type LogPlace, logEnd } from "./log-place.ts";
import type { SqliteDatabase, SqliteStatement } from "./sqlite/database.ts";
import {
  allTables,
  columnNames,
  hasWholeEntities,
  listTables,
  missionStatusSql,
  tableOf,
  type ViewKind,
} from "./view-tables.ts";

/** Raised whenever a view changes its meaning or form; views of an older version are rebuilt at start-up. */
export const viewsVersion = 15;

export function hasTable(database: SqliteDatabase, table: string): boolean {
  return database.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(table) !== undefined;
}

export function readViewMeta(database: SqliteDatabase): (LogPlace & { version: number }) | undefined {
  if (!hasTable(database, "view_meta")) return undefined;
  return database.prepare("SELECT version, position, hash FROM view_meta WHERE id = 'views'").get() as
    | (LogPlace & { version: number })
    | undefined;
}

/** Whether the views exist, have this version, and match this log up to its end. */
export function viewsFit(database: SqliteDatabase): boolean {
  const meta = readViewMeta(database);
  if (meta === undefined || meta.version !== viewsVersion) return false;
  const end = logEnd(database);
  return (
    meta.position === end.position && meta.hash === end.hash && allTables.every((name) => hasTable(database, name))
  );
}

export function markViews(database: SqliteDatabase, { position, hash }: LogPlace): void {
  database.prepare(metaSql).run(viewsVersion, position, hash);
}
const metaSql =
  "INSERT INTO view_meta (id, version, position, hash) VALUES ('views', ?, ?, ?) ON CONFLICT (id) DO UPDATE SET version = excluded.version, position = excluded.position, hash = excluded.hash";

export interface EntityWriter {
  put(entry: ViewEntry): void;
}

/** `isEmpty`: the tables were just created, so each entity is inserted once, missions after all tasks. */
export function createEntityWriter(database: SqliteDatabase, { isEmpty }: { isEmpty: boolean }): EntityWriter {
  const sql = (kind: ViewKind) => (isEmpty ? insertSql(kind, missionStatusSql) : upsertSql(kind));
  // Prepared on first use: a start writes to few of the tables.
  const statements = new Map<string, SqliteStatement>();
  const prepared = (key: string, text: () => string): SqliteStatement => {
    const known = statements.get(key) ?? database.prepare(text());
    statements.set(key, known);
    return known;
  };
  const stagePlace = columnNames("missions").indexOf("stage");
  return {
    put({ kind, id, text, columns, lists: rows }) {
      const values = [id, ...columns, ...(text === null ? [] : [text])];
      const put = prepared(kind, () => sql(kind));
      put.run(kind === "missions" ? [...values, id, columns[stagePlace]] : values);
      for (const [place, list] of rows.entries()) {
        const target = listTables[place];
        // A list with rows never becomes empty, so there is nothing to delete.
        if (target === undefined || list === null || list.length === 0) continue;
        const { table, columns: own } = target;
        if (!isEmpty) prepared(`clear ${table}`, () => `DELETE FROM ${table} WHERE owner = ?`).run(id);
        const insert = prepared(`insert ${table}`, () => `INSERT INTO ${table} VALUES (?${", ?".repeat(own.length)})`);
        for (const row of list) insert.run(id, ...row);
      }
    },
  };
}

/** `statusSql`: computes a new mission's status. The mission's id and stage are bound to it, after its columns. */
function insertSql(kind: ViewKind, statusSql: string): string {
  const columns = ["id", ...updatedColumns(kind)];
  const values = columns.map(() => "?");
  if (kind === "missions") {
    columns.push("status");
    // Not `INSERT … SELECT`, for which SQLite journals each statement.
    values.push(`(SELECT ${statusSql} FROM (SELECT ? AS id, ? AS stage) AS view_missions)`);
  }
  return `INSERT INTO ${tableOf(kind)} (${columns.join(", ")}) VALUES (${values.join(", ")})`;
}

const updatedColumns = (kind: ViewKind) => [...columnNames(kind), ...(hasWholeEntities(kind) ? ["data"] : [])];

/** A new mission's status is its stage; tasks that are written after it change the status. */
function upsertSql(kind: ViewKind): string {
  const update = updatedColumns(kind)
    .map((column) => `${column} = excluded.${column}`)
    .join(", ");
  return `${insertSql(kind, "stage")} ON CONFLICT (id) DO UPDATE SET ${update}`;
}

/** Writes changed entities inside the append's transaction. */
export interface ViewWriter {
  /** Saves the entities of these streams as they are in `state`, and the position that the views now match. */
  save(streams: Iterable<string>, at: LogPlace & { readonly state: State }): void;
}

export function createViewWriter(database: SqliteDatabase): ViewWriter {
  const writer = createEntityWriter(database, { isEmpty: false });
  const meta: SqliteStatement = database.prepare(metaSql);
  const refresh = database.prepare(
    `UPDATE view_missions SET status = ${missionStatusSql} WHERE id = ? AND status IS NOT ${missionStatusSql}`,
  );
  return {
    save(streams, { state, position, hash }) {
      const missions = new Set<string>();
      for (const stream of streams) {
        const { kind, id } = entityOf(stream);
        const entity = kind === "system" ? state.system : state[kind][id];
        if (entity === undefined) throw new Error(`events were appended to ${stream}, but it is not in the state`);
        writer.put(viewEntry({ kind, id, entity }));
        if (kind === "missions") missions.add(id);
        if (kind !== "tasks") continue;
        const { mission_id = "", plan } = state.tasks[id] ?? {};
        missions.add(mission_id);
        if (plan !== undefined) missions.add(plan);
      }
      for (const id of missions) refresh.run(id);
      meta.run(viewsVersion, position, hash);
    },
  };
}
