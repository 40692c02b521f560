/**
 * The table `events`, the only source of truth, and the triggers that keep it append-only. Every statement may be repeated: a home whose other
 * tables were dropped runs it again on the existing table.
 *
 * Folder: the table `events` and its append-only triggers, one file per migration of the database.
 */

/** Refuse every change to existing rows. The insert trigger also stops `INSERT OR REPLACE`, whose deletions fire no delete trigger. */
export const eventTriggers: Readonly<Record<string, string>> = {
  events_refuse_update: `CREATE TRIGGER events_refuse_update BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'events is append-only: no UPDATE'); END`,
  events_refuse_delete: `CREATE TRIGGER events_refuse_delete BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'events is append-only: no DELETE'); END`,
  events_insert_next: `CREATE TRIGGER events_insert_next BEFORE INSERT ON events
WHEN NEW.position IS NOT coalesce((SELECT max(position) FROM events), 0) + 1
  OR NEW.version IS NOT coalesce((SELECT max(version) FROM events WHERE stream = NEW.stream), 0) + 1
  OR EXISTS (SELECT 1 FROM events WHERE command_id = NEW.command_id)
BEGIN SELECT RAISE(ABORT, 'events is append-only: not the next position, not the next version of its stream, or a command that is there'); END`,
};

export const statements: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS events (
  position INTEGER PRIMARY KEY,
  stream TEXT NOT NULL,
  version INTEGER NOT NULL,
  type TEXT NOT NULL,
  schema INTEGER NOT NULL,
  data TEXT NOT NULL,
  actor TEXT NOT NULL,
  command_id TEXT NOT NULL UNIQUE,
  correlation_id TEXT NOT NULL,
  causation_id TEXT,
  recorded_at TEXT NOT NULL,
  hash TEXT NOT NULL,
  UNIQUE (stream, version)
) STRICT`,
];
