/**
 * The tables of truth: brought to this version, their triggers, and typed reads of `events`. Appending is not done here. Kysely is loaded only
 * where there is something to migrate or to read: a daemon that waits does without it.
 */
import { statements as events001, eventTriggers } from "../migrations/001-events.ts";
import type { SqliteDatabase } from "./database.ts";
import { parseRow, type StoredEvent } from "./stored-event.ts";

/** Which events to read: of one stream or all, after a position (exclusive), at most `limit`, in position order. */
export interface EventQuery {
  readonly stream?: string;
  readonly after?: number;
  readonly limit?: number;
}

/** The numbered migrations. Views are none of them: they carry a version of their own and are rebuilt when it changes. */
const migrations: Readonly<Record<string, readonly string[]>> = { "001-events": events001 };

const eventsPerReadMax = 1000;

/** Brings the tables of truth to this version and puts back missing triggers. Writes nothing where nothing is missing. */
export async function migrate(database: SqliteDatabase): Promise<void> {
  if (!isMigrated(database)) {
    const { migrateToLatest } = await import("./kysely.ts");
    await migrateToLatest(database, migrations);
  }
  const present = triggerTexts(database);
  for (const [name, text] of Object.entries(eventTriggers)) if (!present.has(name)) database.exec(text);
}

/** Whether Kysely's own table names exactly this version's migrations. Anything else, also one of a newer version, is the migrator's to judge. */
function isMigrated(database: SqliteDatabase): boolean {
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE 'kysely_%'");
  if (tables.pluck().all().length < 2) return false;
  const done = database.prepare("SELECT name FROM kysely_migration ORDER BY name").pluck().all();
  return JSON.stringify(done) === JSON.stringify(Object.keys(migrations).sort());
}

/** What each trigger on `events` says, by name. */
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
