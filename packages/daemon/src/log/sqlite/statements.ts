/** The hand-written prepared statements of the append, which is the log's hot path. */

import type { SqliteDatabase, SqliteStatement } from "./database.ts";
import type { StoredEvent } from "./stored-event.ts";

export interface AppendStatements {
  readonly begin: SqliteStatement;
  readonly commit: SqliteStatement;
  readonly rollback: SqliteStatement;
  readonly insert: SqliteStatement;
  readonly byCommand: SqliteStatement;
  readonly lastVersion: SqliteStatement;
  readonly hashAt: SqliteStatement;
}

export function prepareAppend(database: SqliteDatabase): AppendStatements {
  return {
    begin: database.prepare("BEGIN IMMEDIATE"),
    commit: database.prepare("COMMIT"),
    rollback: database.prepare("ROLLBACK"),
    insert: database.prepare(
      "INSERT INTO events (position, stream, version, type, schema, data, actor, command_id, correlation_id, causation_id, recorded_at, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    ),
    byCommand: database.prepare("SELECT * FROM events WHERE command_id = ?"),
    lastVersion: database.prepare("SELECT coalesce(max(version), 0) FROM events WHERE stream = ?").pluck(),
    hashAt: database.prepare("SELECT hash FROM events WHERE position = ?").pluck(),
  };
}

/** `data` is the event's data as canonical text. Throws if a constraint, a trigger or the disk refuses the row. */
export function insertRow(statements: AppendStatements, row: StoredEvent, data: string): void {
  statements.insert.run(
    row.position,
    row.stream,
    row.version,
    row.type,
    row.schema,
    data,
    row.actor,
    row.command_id,
    row.correlation_id,
    row.causation_id,
    row.recorded_at,
    row.hash,
  );
}
