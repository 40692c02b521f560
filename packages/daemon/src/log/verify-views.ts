/** Compares the rows of the views with the fold of the log. It only reads, a few hundred entities at a time, and does not check the chain. */
import { foldLog, type ViewEntry } from "./fold-log.ts";
import { logEnd } from "./log-place.ts";
import { type SqliteDatabase, type SqliteStatement, sqliteCode } from "./sqlite/database.ts";
import { type Problem, Problems } from "./verify-chain.ts";
import {
  allTables,
  columnNames,
  countedRows,
  countedTables,
  hasWholeEntities,
  listTables,
  missionStatusSql,
  streamPrefixOf,
  tableOf,
  type ViewKind,
  viewKinds,
} from "./view-tables.ts";
import { hasTable, readViewMeta, viewsVersion } from "./views.ts";

const differs = "the row differs from the fold of the log";

/** The problems that `checkViews` finds and, if `from` is 0, those that SQLite finds in the whole file. */
export function checkFileAndViews(database: SqliteDatabase, from: number): readonly Problem[] {
  const findings = (from === 0 ? database.pragma("integrity_check(10)") : []) as { integrity_check: string }[];
  const damages = findings.filter(({ integrity_check: finding }) => finding !== "ok");
  const problems = damages.map(({ integrity_check: finding }) => ({
    what: `the database file is damaged: ${finding}`,
  }));
  return [...problems, ...checkViews(database, from)];
}

/**
 * Problems of the views: for streams with an event after `from` or, if that is 0, in all rows. Empty if the log can't be folded, which the walk of its chain
 * reports, or if an earlier version wrote the views, which nobody reads and the next start rebuilds.
 */
function checkViews(database: SqliteDatabase, from: number): readonly Problem[] {
  const problems = new Problems();
  const say = (row: string, what: string) => problems.add({ row, what });
  const meta = readViewMeta(database);
  if (meta !== undefined && meta.version > viewsVersion)
    say(
      "view_meta/views",
      `the views are of version ${meta.version}, and this program can check up to ${viewsVersion}`,
    );
  if (meta !== undefined && meta.version !== viewsVersion) return problems.list();
  const tables = new Set(allTables.filter((table) => hasTable(database, table)));
  for (const table of allTables) if (!tables.has(table) && table !== "view_meta") say(table, "the table is missing");
  if (!compareEntries(database, { from, tables, say })) return [];
  if (from === 0) for (const kind of viewKinds) if (tables.has(tableOf(kind))) saySurplus(database, kind, say);
  if (from === 0 && tables.size === allTables.length) compareDerived(database, say);
  const end = logEnd(database);
  if (meta === undefined) say("view_meta/views", "the row is missing");
  else if (meta.position !== end.position)
    say("view_meta/views", `the views are at position ${meta.position}, the log ends at ${end.position}`);
  else if (meta.hash !== end.hash) say("view_meta/views", "the views are of another log");
  return problems.list();
}

interface Compared {
  readonly from: number;
  readonly tables: ReadonlySet<string>;
  readonly say: (row: string, what: string) => void;
}

/** False if an event can't be folded. */
function compareEntries(database: SqliteDatabase, { from, tables, say }: Compared): boolean {
  const rows = new Map(viewKinds.flatMap((kind) => statementFor(database, kind, tables)));
  const lists = listTables.map(({ table, columns }) =>
    tables.has(table)
      ? database.prepare(`SELECT ${columns.map(bare).join(", ")} FROM ${table} WHERE owner = ?`).raw()
      : null,
  );
  function compare({ kind, id, text, columns, lists: listed }: ViewEntry): void {
    const row = `${tableOf(kind)}/${id}`;
    const statement = rows.get(kind);
    if (statement === undefined) return;
    const stored = statement.get(id) as unknown[] | undefined;
    if (stored === undefined) say(row, "the row is missing");
    else if ([text, ...columns].some((value, place) => stored[place] !== value)) say(row, differs);
    for (const [place, list] of listed.entries()) {
      const storedList = list === null ? undefined : lists[place]?.all(id);
      if (storedList !== undefined && textOf(storedList) !== textOf(list ?? []))
        say(`${listTables[place]?.table}/${id}`, differs);
    }
  }
  try {
    for (const entries of foldLog(database, { from })) entries.forEach(compare);
    return true;
  } catch (error) {
    if (sqliteCode(error) !== null) throw error;
    return false;
  }
}

function statementFor(
  database: SqliteDatabase,
  kind: ViewKind,
  tables: ReadonlySet<string>,
): [ViewKind, SqliteStatement][] {
  if (!tables.has(tableOf(kind))) return [];
  const columns = [hasWholeEntities(kind) ? "data" : "NULL", ...columnNames(kind)];
  return [[kind, database.prepare(`SELECT ${columns.join(", ")} FROM ${tableOf(kind)} WHERE id = ?`).raw()]];
}

function saySurplus(database: SqliteDatabase, kind: ViewKind, say: (row: string, what: string) => void): void {
  const stream = kind === "system" ? "id" : `'${streamPrefixOf(kind)}' || id`;
  const sql = `SELECT id FROM ${tableOf(kind)} WHERE NOT EXISTS (SELECT 1 FROM events WHERE stream = ${stream}) ORDER BY id`;
  for (const id of database.prepare(sql).pluck().all() as string[])
    say(`${tableOf(kind)}/${id}`, "the row is surplus: no event makes it");
}

/** Checks what depends on several rows: list rows without their entity, missions' statuses, and the counts. */
function compareDerived(database: SqliteDatabase, say: (row: string, what: string) => void): void {
  const all = (sql: string) => database.prepare(sql).pluck().all() as string[];
  for (const { table, kind } of listTables)
    for (const id of all(`SELECT DISTINCT owner FROM ${table} WHERE owner NOT IN (SELECT id FROM ${tableOf(kind)})`))
      say(`${table}/${id}`, "the row is surplus: no event makes it");
  for (const id of all(`SELECT id FROM view_missions WHERE status IS NOT ${missionStatusSql}`))
    say(`view_missions/${id}`, "the status does not match its tasks");
  for (const table of countedTables) {
    const counted = `SELECT status, count(*) AS count FROM ${table} WHERE ${countedRows[table]} GROUP BY status`;
    const stored = `SELECT status, count FROM view_counts WHERE counted = '${table}' AND count <> 0`;
    const unequal = `SELECT status FROM (SELECT * FROM (${counted} EXCEPT ${stored}) UNION SELECT * FROM (${stored} EXCEPT ${counted}))`;
    for (const status of new Set(all(unequal)))
      say(`view_counts/${table}/${status}`, "the count does not match the rows");
  }
}

/** Rows in a fixed order. */
function textOf(rows: readonly unknown[]): string {
  return JSON.stringify(rows.map((row) => JSON.stringify(row)).sort());
}

const bare = (column: string) => column.split(" ")[0] ?? "";
