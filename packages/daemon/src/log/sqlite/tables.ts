/** Migrates the log's tables, restores their triggers, and reads `events` with types. Kysely is loaded only if needed: an idle daemon does without it. */
import { statements as events001, eventTriggers } from "../migrations/001-events.ts";
import type { SqliteDatabase } from "./database.ts";
import { requireFormat } from "./log-format.ts";
import { type EventRow, parseRow, type StoredEvent } from "./stored-event.ts";

/** Which events to read: of one stream or of all, after a position (exclusive), at most `limit`, in position order. */
export interface EventQuery {
  readonly stream?: string;
  readonly after?: number;
  readonly limit?: number;
}

/** The numbered migrations. Views need none: they have their own version and are rebuilt when it changes. */
const migrations: Readonly<Record<string, readonly string[]>> = { "001-events": events001 };

const eventsPerReadMax = 1000;

/** Brings the log's tables to this version and restores triggers that are missing or changed; writes nothing if all is well. Throws a Fault `log-newer`. */
export async function migrate(database: SqliteDatabase): Promise<void> {
  requireFormat(database);
  if (!isMigrated(database)) {
    const { migrateToLatest } = await import("./kysely.ts");
    await migrateToLatest(database, migrations);
  }
  const present = triggerTexts(database);
  for (const [name, text] of Object.entries(eventTriggers))
    if (present.get(name) !== text) database.exec(`BEGIN IMMEDIATE; DROP TRIGGER IF EXISTS ${name}; ${text}; COMMIT`);
}

/** Whether Kysely's own table lists exactly this version's migrations. The migrator deals with anything else, such as a newer version's migration. */
function isMigrated(database: SqliteDatabase): boolean {
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE 'kysely_%'");
  if (tables.pluck().all().length < 2) return false;
  const done = database.prepare("SELECT name FROM kysely_migration ORDER BY name").pluck().all();
  return JSON.stringify(done) === JSON.stringify(Object.keys(migrations).sort());
}

/** The SQL of each trigger on `events`, by name. */
export function triggerTexts(database: SqliteDatabase): ReadonlyMap<string, string> {
  const rows = database.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'events'");
  return new Map((rows.all() as { name: string; sql: string }[]).map((row) => [row.name, row.sql]));
}

/** Events in position order. */
export async function listEvents(database: SqliteDatabase, query: EventQuery = {}): Promise<StoredEvent[]> {
  const { selectEvents } = await import("./kysely.ts");
  const { stream, after = 0, limit = eventsPerReadMax } = query;
  const place = stream === undefined ? {} : { stream };
  const rows = await selectEvents(database, { ...place, after, limit: Math.min(limit, eventsPerReadMax) });
  return rows.map(parseRow);
}

/** All events of these types, in position order. */
export function eventsOfTypes(database: SqliteDatabase, types: readonly StoredEvent["type"][]): StoredEvent[] {
  const marks = types.map(() => "?").join(", ");
  const select = database.prepare(`SELECT * FROM events WHERE type IN (${marks}) ORDER BY position`);
  return (select.all(...types) as EventRow[]).map(parseRow);
}
