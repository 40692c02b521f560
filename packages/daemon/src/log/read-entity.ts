/** Reads a single entity of a log: from its row if the table has whole entities, else by folding its stream. */
import { Fault } from "@aedev/contracts";
import { createStreamFold } from "./fold-log.ts";
import { type SqliteDatabase, type SqliteStatement, sqliteCode } from "./sqlite/database.ts";
import { entityStream, hasWholeEntities, tableOf, type ViewKind } from "./view-tables.ts";

/** Reads an entity that has a row in its view. Throws a Fault if the row or the stream can't be read, or the stream is empty. */
export type ReadEntity = <T>(kind: ViewKind, id: string) => T;

/** Whether the error says that an entity's stream can't be read. */
export function isUnreadableStream(error: unknown): error is Fault {
  return error instanceof Fault && error.code === "log-unreadable";
}

/** `events`: the log that `views` were built from. `remembered`: how many folded entities are kept for the next time; such a reader is only for lists. */
export function createEntityReader(views: SqliteDatabase, events: SqliteDatabase, { remembered = 0 } = {}): ReadEntity {
  const fold = remembered === 0 ? createStreamFold(events) : rememberingFold(events, remembered);
  const rows = new Map<ViewKind, SqliteStatement>();
  function rowOf(kind: ViewKind, id: string): unknown {
    const known = rows.get(kind);
    const statement = known ?? views.prepare(`SELECT data FROM ${tableOf(kind)} WHERE id = ?`).pluck();
    if (known === undefined) rows.set(kind, statement);
    const text = statement.get(id);
    // This version wrote the row in canonical form: the views' version and position were checked before.
    return typeof text === "string" ? JSON.parse(text) : undefined;
  }
  return <T>(kind: ViewKind, id: string): T => {
    const stream = entityStream(kind, id);
    let entity: unknown;
    let cause: unknown;
    try {
      entity = hasWholeEntities(kind) ? rowOf(kind, id) : fold(stream)?.entity;
    } catch (error) {
      // A failed connection is not used again. The fold's own fault already names the event.
      if (sqliteCode(error) !== null || isUnreadableStream(error)) throw error;
      cause = error;
    }
    if (entity !== undefined) return entity as T;
    if (hasWholeEntities(kind))
      throw new Fault("view-unreadable", `${tableOf(kind)} ${id} can't be read`, {
        hint: "aedev events rebuild",
        cause,
      });
    const why = cause instanceof Error ? cause.message : "it has no event";
    throw new Fault("log-unreadable", `${stream} can't be read: ${why}`, { hint: "aedev events verify", cause });
  };
}

/** Folds a stream again only if it has a new event. `most`: how many of the entities that were read last are kept. */
function rememberingFold(events: SqliteDatabase, most: number): ReturnType<typeof createStreamFold> {
  const fold = createStreamFold(events);
  const lastVersion = events.prepare("SELECT max(version) FROM events WHERE stream = ?").pluck();
  const kept = new Map<string, { readonly version: unknown; readonly folded: ReturnType<typeof fold> }>();
  return (stream) => {
    const version = lastVersion.get(stream);
    const known = kept.get(stream);
    const now = known !== undefined && known.version === version ? known : { version, folded: fold(stream) };
    kept.delete(stream);
    kept.set(stream, now);
    for (const oldest of kept.keys()) {
      if (kept.size <= most) break;
      kept.delete(oldest);
    }
    return now.folded;
  };
}
