/** The one file that knows Kysely: numbered migrations and typed reads of the table `events`. Appending is not done here. */
import { Kysely, SqliteDialect, sql } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import { statements as events001, eventTriggers } from "./migrations/001-events.ts";
import type { SqliteDatabase } from "./sqlite/database.ts";
import { type EventRow, parseRow, type StoredEvent } from "./stored-event.ts";

interface Tables {
  events: EventRow;
}

/** The numbered migrations. Views are none of them: they carry a version of their own and are rebuilt when it changes. */
const migrations: Readonly<Record<string, readonly string[]>> = { "001-events": events001 };

/** Which events to read: of one stream or all, after a position (exclusive), at most `limit`, in position order. */
export interface EventQuery {
  readonly stream?: string;
  readonly after?: number;
  readonly limit?: number;
}

export const eventsPerReadMax = 1000;

/** Kysely on a connection that somebody else opened and closes. */
function kyselyOn(database: SqliteDatabase): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: new SqliteDialect({ database }) });
}

/** Brings the tables of truth to this version and puts back missing triggers. Writes nothing where nothing is missing. */
export async function migrate(database: SqliteDatabase): Promise<void> {
  const provider = { getMigrations: async () => Object.fromEntries(Object.entries(migrations).map(asMigration)) };
  const { error } = await new Migrator({ db: kyselyOn(database), provider }).migrateToLatest();
  if (error !== undefined) throw error;
  const present = triggerTexts(database);
  for (const [name, text] of Object.entries(eventTriggers)) if (!present.has(name)) database.exec(text);
}

function asMigration([name, statements]: [string, readonly string[]]): [string, Migration] {
  const up = async (db: Kysely<unknown>) => {
    for (const statement of statements) await sql.raw(statement).execute(db);
  };
  return [name, { up }];
}

/** What each trigger on `events` says, by name. */
export function triggerTexts(database: SqliteDatabase): ReadonlyMap<string, string> {
  const rows = database.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'events'");
  return new Map((rows.all() as { name: string; sql: string }[]).map((row) => [row.name, row.sql]));
}

/** Events in position order. */
export async function listEvents(database: SqliteDatabase, query: EventQuery = {}): Promise<StoredEvent[]> {
  let select = kyselyOn(database)
    .selectFrom("events")
    .selectAll()
    .where("position", ">", query.after ?? 0);
  if (query.stream !== undefined) select = select.where("stream", "=", query.stream);
  const limit = Math.min(query.limit ?? eventsPerReadMax, eventsPerReadMax);
  return (await select.orderBy("position").limit(limit).execute()).map(parseRow);
}
