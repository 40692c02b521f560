/** Exports the log as JSON Lines in position order, optionally with the entities that it folds to. The same log always gives the same bytes. */
import { canonicalText } from "./canonical-text.ts";
import { createStreamFold, type FoldedEntity, foldEntities, streamsOf } from "./fold-log.ts";
import { logEnd } from "./log-place.ts";
import type { SqliteDatabase } from "./sqlite/database.ts";
import type { EventRow } from "./sqlite/stored-event.ts";
import { entityStream, tableOf, type ViewKind, viewKinds } from "./view-tables.ts";

/** `last`: export only this many of the newest events. */
export interface ExportOptions {
  readonly views?: boolean;
  readonly last?: number;
}

/**
 * One canonical JSON document per line, without its newline: `{…columns}` per event with `data` as JSON (as text if it is not JSON), then, with `views`,
 * `{view, id, data}` per entity, by kind and id. Throws if an event can't be folded.
 */
export function* exportLines(database: SqliteDatabase, options: ExportOptions = {}): Generator<string> {
  // One snapshot, so that events and views agree even while a daemon appends.
  database.exec("BEGIN");
  try {
    const after = options.last === undefined ? 0 : logEnd(database).position - options.last;
    const rows = database.prepare("SELECT * FROM events WHERE position > ? ORDER BY position");
    for (const row of rows.iterate(after) as Iterable<EventRow>)
      yield canonicalText({ ...row, data: asJson(row.data) });
    if (options.views !== true) return;
    for (const kind of viewKinds)
      for (const entities of entitiesOf(database, kind))
        for (const { id, entity } of entities) yield canonicalText({ view: tableOf(kind), id, data: entity });
  } finally {
    database.exec("ROLLBACK");
  }
}

/** Text that is not JSON, or that canonical JSON can't express, stays text. */
function asJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    canonicalText(value);
    return value;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return text;
    throw error;
  }
}

function entitiesOf(database: SqliteDatabase, kind: ViewKind): Iterable<readonly FoldedEntity[]> {
  if (kind !== "system") return foldEntities(database, streamsOf(kind));
  const system = createStreamFold(database)(entityStream(kind, kind));
  return system === undefined ? [] : [[system]];
}
