/** The log as JSON Lines, in position order, and the views' rows in theirs: the same bytes each time for the same log. It appends nothing. */
import { canonicalText } from "./canonical-text.ts";
import type { SqliteDatabase } from "./sqlite/database.ts";
import type { EventRow } from "./stored-event.ts";
import { storedViewRows } from "./views.ts";

/**
 * One canonical JSON document per line, without its newline: `{…columns}` per event with `data` as JSON (as text where it is none), then,
 * with `views`, `{view, id, data}` per row.
 */
export function* exportLines(database: SqliteDatabase, options: { views?: boolean } = {}): Generator<string> {
  // One snapshot, so that events and views are of the same position beside a daemon that appends.
  database.exec("BEGIN");
  try {
    const rows = database.prepare("SELECT * FROM events ORDER BY position");
    for (const row of rows.iterate() as Iterable<EventRow>) yield canonicalText({ ...row, data: asJson(row.data) });
    if (options.views !== true) return;
    for (const { table, id, data } of storedViewRows(database))
      yield canonicalText({ view: table, id, data: asJson(data) });
  } finally {
    database.exec("ROLLBACK");
  }
}

/** What canonical JSON cannot hold, and what is not JSON at all, is shown as the text it is. */
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
