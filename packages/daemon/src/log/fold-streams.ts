/**
 * Folds a log entity by entity in one pass over its events. An entity is returned after the last event of its stream and then forgotten, so
 * memory holds only entities with more events to come, up to a limit: an entity that is evicted is folded again when it is needed.
 */
import type { DomainEvent } from "@aedev/contracts/events";
import { type EntityKind, type EntityOfKind, entityOf, evolveEntity } from "@aedev/core";
import type { SqliteDatabase, SqliteStatement } from "./sqlite/database.ts";
import type { EventRow } from "./sqlite/stored-event.ts";

export type Entity = EntityOfKind[EntityKind];
/** An entity after all events of its stream. */
export interface FoldedEntity {
  readonly kind: EntityKind;
  readonly id: string;
  readonly entity: Entity;
}
/** The columns of an event that the fold reads. `is_last`: no later event is in its stream. */
export type StreamRow = Pick<EventRow, "stream" | "version" | "type" | "schema" | "data" | "recorded_at"> & {
  readonly is_last: 0 | 1;
};
/** SQL for `is_last` of a row of `events`. */
export const isLastSql =
  "NOT EXISTS (SELECT 1 FROM events next WHERE next.stream = events.stream AND next.version = events.version + 1) AS is_last";

const unfinishedMax = 10_000;

/** Typed event of a row. */
export type ReadEvent = (row: Pick<EventRow, "type" | "schema" | "data">) => DomainEvent;

export class StreamFold {
  readonly #read: ReadEvent;
  readonly #max: number;
  readonly #before: SqliteStatement;
  /** The oldest entry is evicted first. */
  readonly #unfinished = new Map<string, Entity>();

  constructor(database: SqliteDatabase, read: ReadEvent, max = unfinishedMax) {
    this.#read = read;
    this.#max = max;
    this.#before = database.prepare("SELECT * FROM events WHERE stream = ? AND version < ? ORDER BY version");
  }

  /** The entity if this was the last event of its stream, else null. Throws on an event that can't be folded. */
  take(row: StreamRow, event: DomainEvent): FoldedEntity | null {
    const { stream, version, recorded_at } = row;
    const { kind, id } = entityOf(stream);
    const known = this.#unfinished.get(stream);
    const before = known === undefined && version > 1 ? this.#foldBefore(row, kind) : known;
    const entity = evolveEntity(kind, before as never, { ...event, stream, recorded_at });
    if (row.is_last === 1) {
      this.#unfinished.delete(stream);
      return { kind, id, entity };
    }
    this.#unfinished.set(stream, entity);
    if (this.#unfinished.size > this.#max) this.#unfinished.delete(this.#unfinished.keys().next().value ?? "");
    return null;
  }

  #foldBefore({ stream, version }: StreamRow, kind: EntityKind): Entity | undefined {
    let entity: Entity | undefined;
    for (const row of this.#before.all(stream, version) as EventRow[])
      entity = evolveEntity(kind, entity as never, { ...this.#read(row), stream, recorded_at: row.recorded_at });
    return entity;
  }
}
