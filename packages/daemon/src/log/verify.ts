/**
 * Says whether a log is what its appends left: chain, order, views, and the heads signed outside the database (an append-only table can be
 * replaced as a whole; a signature cannot be made without the key). It reads only, in one snapshot, and repairs nothing.
 */

import { eventTriggers } from "./migrations/001-events.ts";
import { type SqliteDatabase, sqliteCode } from "./sqlite/database.ts";
import { triggerTexts } from "./sqlite/tables.ts";
import { startLogThread, threadEventsMin } from "./start-log-thread.ts";
import { epochAt, type Problem, startWalk, type Walk, walkChain } from "./verify-chain.ts";
import { checkFileAndViews } from "./verify-views.ts";
import { hasTable, logEnd } from "./views.ts";

/** What stands about the log outside it. `name`: how a person calls it, such as "the signed head". */
export interface Anchor {
  readonly name: string;
  readonly reading:
    | { readonly kind: "missing" }
    | { readonly kind: "invalid"; readonly why: string }
    | { readonly kind: "head"; readonly position: number; readonly hash: string; readonly epoch: number };
}

/** `warnings`: what does not make the log untrue, such as triggers that were dropped; the next start puts them back. */
export type LogVerification =
  | { readonly ok: true; readonly position: number; readonly hash: string; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly problems: readonly Problem[]; readonly warnings: readonly string[] };

/** `sinceLastAnchor`: the walk starts at the last anchor that is a head; events before it, and the views of streams without a later event, are not read. */
export function verifyEvents(
  database: SqliteDatabase,
  anchors: readonly Anchor[],
  { sinceLastAnchor = false }: { sinceLastAnchor?: boolean } = {},
): LogVerification {
  const heads = anchors.flatMap(({ reading }) => (reading.kind === "head" ? [reading.position] : []));
  const from = sinceLastAnchor ? (heads.at(-1) ?? 0) : 0;
  let walk = startWalk(null);
  const warnings: string[] = [];
  try {
    database.exec("BEGIN");
    const hasEvents = hasTable(database, "events");
    if (hasEvents) walk = startWalk(database, from);
    using views = hasEvents ? startViewCheck(database, from) : null;
    checkTriggers(database, walk, warnings);
    if (hasEvents) {
      for (const position of heads.filter((one) => one <= walk.position)) seeStored(database, walk, position);
      walkChain(database, walk, new Set(heads));
      if (from === 0) checkCommandIds(database, walk);
    }
    for (const problem of views?.problems() ?? []) walk.problems.add(problem);
    for (const anchor of anchors) compareAnchor(anchor, walk);
  } catch (error) {
    if (sqliteCode(error) === null) throw error;
    walk.problems.add(unreadable(error, walk.position + 1));
  } finally {
    if (database.inTransaction) database.exec("ROLLBACK");
  }
  const problems = walk.problems.list();
  if (problems.length === 0) return { ok: true, position: walk.position, hash: walk.hash, warnings };
  return { ok: false, problems, warnings };
}

/** Of a large log file and views are checked beside the chain, in a thread with a snapshot of its own. */
function startViewCheck(database: SqliteDatabase, from: number): Disposable & { problems(): readonly Problem[] } {
  if (logEnd(database).position - from < threadEventsMin)
    return { problems: () => checkFileAndViews(database, from), [Symbol.dispose]: () => undefined };
  const thread = startLogThread({ kind: "check-views", path: database.name, from });
  return {
    problems() {
      const message = thread.next();
      if (message.kind === "checked") return message.problems;
      if (message.kind !== "failed") throw new Error(`the thread that checks views answered ${message.kind}`);
      if (message.isDamaged) return [{ what: `the database file is damaged: ${message.message}` }];
      throw new Error(message.message);
    },
    [Symbol.dispose]: () => thread[Symbol.dispose](),
  };
}

/** The stored hash of a head that the walk does not come to. */
function seeStored(database: SqliteDatabase, walk: Walk, position: number): void {
  const hash = database.prepare("SELECT hash FROM events WHERE position = ?").pluck().get(position);
  if (typeof hash === "string") walk.seen.set(position, { hash, epoch: epochAt(database, position) });
}

/** Through the index on command ids when there is one, else by sorting outside the memory of this process. */
function checkCommandIds(database: SqliteDatabase, walk: Walk): void {
  const sql = "SELECT command_id AS id, max(position) AS position FROM events GROUP BY command_id HAVING count(*) > 1";
  for (const { id, position } of database.prepare(sql).all() as { id: string; position: number }[])
    walk.problems.add({ position, what: `the command id ${id} is there twice` });
}

/** The problem of a database file that SQLite itself cannot read. */
export function unreadable(error: unknown, position: number): Problem {
  return { position, what: `the database file is damaged: ${error instanceof Error ? error.message : error}` };
}

function checkTriggers(database: SqliteDatabase, walk: Walk, warnings: string[]): void {
  if (!hasTable(database, "events")) {
    walk.problems.add({ position: 1, what: "the table events is missing" });
    return;
  }
  const present = triggerTexts(database);
  for (const [name, text] of Object.entries(eventTriggers)) {
    if (present.get(name) === text) continue;
    warnings.push(
      `the trigger ${name} ${present.has(name) ? "was changed" : "is missing; the next start puts it back"}`,
    );
  }
}

function compareAnchor({ name, reading }: Anchor, walk: Walk): void {
  if (reading.kind === "missing") {
    if (walk.position > 0)
      walk.problems.add({ position: walk.position, what: `${name} is missing though there are events` });
    return;
  }
  if (reading.kind === "invalid") {
    walk.problems.add({ position: walk.position, what: `${name} cannot be trusted: ${reading.why}` });
    return;
  }
  const { position } = reading;
  const seen = walk.seen.get(position);
  if (position > walk.position)
    walk.problems.add({
      position: walk.position + 1,
      what: `the log ends at position ${walk.position}, but ${name} is of position ${position}: its tail was cut`,
    });
  else if (seen?.hash !== reading.hash)
    walk.problems.add({
      position,
      what: `the hash at position ${position} is not the one ${name} has: the log was written anew`,
    });
  if (seen !== undefined && seen.epoch !== null && seen.epoch !== reading.epoch)
    walk.problems.add({
      position,
      what: `the epoch at position ${position} is ${seen.epoch}, ${name} has ${reading.epoch}`,
    });
}
