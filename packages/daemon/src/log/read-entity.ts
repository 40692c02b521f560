/** Reads single entities of a log: from the row where the kind's table has whole entities, else by folding the entity's stream. */
import { Fault } from "@aedev/contracts";
import { createStreamFold } from "./fold-log.ts";
import { type SqliteDatabase, type SqliteStatement, sqliteCode } from "./sqlite/database.ts";
import { entityStream, hasWholeEntities, tableOf, type ViewKind } from "./view-tables.ts";

/** The entity that a view has a row of. Throws a Fault if the row or the stream can't be read, or the stream has no event. */
export type ReadEntity = <T>(kind: ViewKind, id: string) => T;

/** Whether it says that an entity's stream can't be read. */
export function isUnreadableStream(error: unknown): error is Fault {
  return error instanceof Fault && error.code === "log-unreadable";
}

/** `events`: the log that `views` match. */
export function createEntityReader(views: SqliteDatabase, events: SqliteDatabase): ReadEntity {
  const fold = createStreamFold(events);
  const rows = new Map<ViewKind, SqliteStatement>();
  function rowOf(kind: ViewKind, id: string): unknown {
    const known = rows.get(kind);
    const statement = known ?? views.prepare(`SELECT data FROM ${tableOf(kind)} WHERE id = ?`).pluck();
    if (known === undefined) rows.set(kind, statement);
    const text = statement.get(id);
    // The rows were written by this version in canonical form: version and position in the chain were checked before.
    return typeof text === "string" ? JSON.parse(text) : undefined;
  }
  return <T>(kind: ViewKind, id: string): T => {
    const stream = entityStream(kind, id);
    let entity: unknown;
    let cause: unknown;
    try {
      entity = hasWholeEntities(kind) ? rowOf(kind, id) : fold(stream)?.entity;
    } catch (error) {
      // A connection that failed is not used again. The fold's fault names the event.
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
