/**
 * Rebuilds the views from the log. Tasks come first, because a mission's status follows from its tasks. For a large log, a thread folds most streams while the
 * caller folds some tasks, writes the rows and creates the tasks' indexes.
 */
import { Fault } from "@aedev/contracts";
import { afterAllStreams, foldLog, type LogPart, streamsOf } from "./fold-log.ts";
import { type LogPlace, logEnd } from "./log-place.ts";
import type { SqliteDatabase } from "./sqlite/database.ts";
import { type LogMessage, startLogThread, threadEventsMin } from "./start-log-thread.ts";
import {
  allTables,
  countStatements,
  indexStatementsOf,
  tableStatements,
  type ViewKind,
  viewKinds,
} from "./view-tables.ts";
import { createEntityWriter, type EntityWriter, markViews, viewsFit } from "./views.ts";

/**
 * Drops the views in `views` and rebuilds them from the log in `database`, which may be the same database. Returns the log's end. Views that fit the log are
 * replaced in one transaction. Others are dropped in an earlier transaction; `view_meta` is then missing until the last one commits, so that an interrupted
 * rebuild is repeated.
 */
export function rebuildViews(database: SqliteDatabase, views: SqliteDatabase = database): LogPlace {
  const exec = (statements: readonly string[]) => statements.forEach((statement) => void views.exec(statement));
  const makeIndexes = (kinds: readonly ViewKind[]) => exec(kinds.flatMap(indexStatementsOf));
  const clear = () => {
    exec(allTables.map((table) => `DROP TABLE IF EXISTS ${table}`));
    exec(tableStatements());
  };
  const fill = () => {
    const end = logEnd(database);
    const writer = createEntityWriter(views, { isEmpty: true });
    const fold = end.position < threadEventsMin ? foldHere : foldInThread;
    fold(database, { writer, until: end.position, onTasks: () => makeIndexes(["tasks"]) });
    makeIndexes(viewKinds.filter((kind) => kind !== "tasks"));
    exec(countStatements());
    markViews(views, end);
    return end;
  };
  if (views === database && viewsFit(database))
    return views.transaction(() => {
      clear();
      return fill();
    })();
  // SQLite then writes each page of the new tables once, without appending it to the WAL again and again.
  views.transaction(clear)();
  return views.transaction(fill)();
}

const ofTasks = streamsOf("tasks");
const ofOthers: readonly LogPart[] = [{ upTo: ofTasks.after }, { after: ofTasks.upTo }];

/** Writes the entries of all streams up to the position `until`, and calls `onTasks` after those of tasks. */
type Fold = (database: SqliteDatabase, options: { writer: EntityWriter; until: number; onTasks: () => void }) => void;

const foldHere: Fold = (database, { writer, onTasks }) => {
  const put = (part: LogPart) => {
    for (const entries of foldLog(database, part)) entries.forEach(writer.put);
  };
  put(ofTasks);
  onTasks();
  ofOthers.forEach(put);
};

const foldInThread: Fold = (database, { writer, until, onTasks }) => {
  const taskParts = splitPart(database, ofTasks);
  // Limited to `until`, because the thread may already see later events.
  const parts = [...taskParts, ...ofOthers.flatMap((part) => splitPart(database, part))].map((part) => ({
    ...part,
    until,
  }));
  using thread = startLogThread({ kind: "fold", path: database.name, parts });
  let folded = 0;
  // While the caller folds the last task, the thread may already send streams of other kinds.
  let early: LogMessage | undefined;
  const take = (message: LogMessage) => {
    if (message.kind === "entries") message.entries.forEach(writer.put);
    else if (message.kind === "folded") folded += 1;
    else if (message.kind === "failed")
      throw new Fault("log-unreadable", message.message, { hint: "aedev events verify" });
    else throw new Error(`the thread that folds answered ${message.kind}`);
  };
  const foldUpTo = (end: number) => {
    for (let part = thread.claim(end); part !== undefined; part = thread.claim(end)) {
      for (const entries of foldLog(database, parts[part])) {
        entries.forEach(writer.put);
        while (early === undefined) {
          const message = thread.poll();
          if (message === undefined) break;
          if (end === taskParts.length && isOfOthers(message)) early = message;
          else take(message);
        }
      }
      folded += 1;
    }
    while (folded < end) take(thread.next());
  };
  foldUpTo(taskParts.length);
  onTasks();
  if (early !== undefined) take(early);
  early = undefined;
  foldUpTo(parts.length);
};

function isOfOthers(message: LogMessage): boolean {
  return message.kind === "entries" && message.entries.some(({ kind }) => kind !== "tasks");
}

/** Events of one part. Small enough that the thread and its caller finish at nearly the same time. */
const eventsPerPart = 5_000;

function splitPart(database: SqliteDatabase, { after = "", upTo = afterAllStreams }: LogPart): LogPart[] {
  const next = database
    .prepare(
      `SELECT stream FROM events WHERE stream > ? AND stream <= ? ORDER BY stream LIMIT 1 OFFSET ${eventsPerPart}`,
    )
    .pluck();
  const parts: LogPart[] = [];
  let start = after;
  for (let end = next.get(start, upTo); typeof end === "string"; end = next.get(start, upTo)) {
    parts.push({ after: start, upTo: end });
    start = end;
  }
  return [...parts, { after: start, upTo }];
}
