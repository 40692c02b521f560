/** Runs numbered migrations and reads the table `events` with types; no other file uses Kysely. Loaded only when needed. */
import { Kysely, SqliteDialect, sql } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import type { SqliteDatabase } from "./database.ts";
import type { EventRow } from "./stored-event.ts";
import type { EventQuery } from "./tables.ts";

interface Tables {
  events: EventRow;
}

/** Wraps a connection in Kysely; the caller opens and closes it. */
function kyselyOn(database: SqliteDatabase): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: new SqliteDialect({ database }) });
}

/** Runs the `migrations` (statements by number) that are missing. Throws if the database has a migration that this version does not know. */
export async function migrateToLatest(
  database: SqliteDatabase,
  migrations: Readonly<Record<string, readonly string[]>>,
): Promise<void> {
  const provider = { getMigrations: async () => Object.fromEntries(Object.entries(migrations).map(asMigration)) };
  const { error } = await new Migrator({ db: kyselyOn(database), provider }).migrateToLatest();
  if (error !== undefined) throw error;
}

function asMigration([name, statements]: [string, readonly string[]]): [string, Migration] {
  const up = async (db: Kysely<unknown>) => {
    for (const statement of statements) await sql.raw(statement).execute(db);
  };
  return [name, { up }];
}

/** Rows in position order. */
export function selectEvents(
  database: SqliteDatabase,
  { stream, after, limit }: Pick<EventQuery, "stream"> & { after: number; limit: number },
): Promise<EventRow[]> {
  const all = kyselyOn(database).selectFrom("events").selectAll().where("position", ">", after);
  const chosen = stream === undefined ? all : all.where("stream", "=", stream);
  return chosen.orderBy("position").limit(limit).execute();
}
