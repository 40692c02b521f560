/**
 * Verifies that a log is what its appends wrote: chain, order, views, and the heads signed outside the database (somebody could replace the whole table, but
 * can't sign its head without the key). It only reads, in one snapshot, and repairs nothing.
 */

import { logEnd } from "./log-place.ts";
import { eventTriggers } from "./migrations/001-events.ts";
import { type SqliteDatabase, sqliteCode } from "./sqlite/database.ts";
import { triggerTexts } from "./sqlite/tables.ts";
import { startLogThread, threadEventsMin } from "./start-log-thread.ts";
import { epochAt, type Problem, startWalk, type Walk, walkChain } from "./verify-chain.ts";
import { checkFileAndViews } from "./verify-views.ts";
import { hasTable } from "./views.ts";

/** A head of the log that is kept outside it. `name` is for a person, such as "the signed head". */
export interface Anchor {
  readonly name: string;
  readonly reading:
    | { readonly kind: "missing" }
    | { readonly kind: "invalid"; readonly why: string }
    | {
        readonly kind: "head";
        readonly position: number;
        readonly hash: string;
        readonly epoch: number;
        readonly accepted: number | null;
      };
}

/** `warnings`: findings that do not invalidate the log, such as dropped triggers, which the next start restores. */
export type LogVerification =
  | { readonly ok: true; readonly position: number; readonly hash: string; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly problems: readonly Problem[]; readonly warnings: readonly string[] };

/**
 * `since` "last-anchor": start at the last anchor that is a head; earlier events, and views of streams without a later event, are not read. "recent": start
 * `recentEvents` before the first anchor, but never before the place where a person accepted the log.
 */
export function verifyEvents(
  database: SqliteDatabase,
  anchors: readonly Anchor[],
  { since = "first-event" }: { since?: VerifiedSince } = {},
): LogVerification {
  const heads = anchors.flatMap(({ reading }) => (reading.kind === "head" ? [reading.position] : []));
  const from = startOf(anchors, since);
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
    walk.problems.add(unreadableLog(error, walk.position + 1));
  } finally {
    if (database.inTransaction) database.exec("ROLLBACK");
  }
  const problems = walk.problems.list();
  if (problems.length === 0) return { ok: true, position: walk.position, hash: walk.hash, warnings };
  return { ok: false, problems, warnings };
}

export type VerifiedSince = "first-event" | "last-anchor" | "recent";

/** How many events before the signed head a separate process verifies after each start. Fixed, so that a start costs the same for a log of any length. */
const recentEvents = 5_000;

function startOf(anchors: readonly Anchor[], since: VerifiedSince): number {
  const readings = anchors.flatMap(({ reading }) => (reading.kind === "head" ? [reading] : []));
  if (since === "last-anchor") return readings.at(-1)?.position ?? 0;
  const [first] = readings;
  if (since === "first-event" || first === undefined) return 0;
  return Math.max(first.accepted ?? 0, first.position - recentEvents, 0);
}

/** For a large log, a thread with its own snapshot checks file and views in parallel to the chain. */
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

/** Notes the stored hash of a head that the walk does not reach. */
function seeStored(database: SqliteDatabase, walk: Walk, position: number): void {
  const hash = database.prepare("SELECT hash FROM events WHERE position = ?").pluck().get(position);
  if (typeof hash === "string") walk.seen.set(position, { hash, epoch: epochAt(database, position) });
}

/** Finds repeated command ids, through their index if there is one; otherwise SQLite sorts them outside this process's memory. */
function checkCommandIds(database: SqliteDatabase, walk: Walk): void {
  const sql = "SELECT command_id AS id, max(position) AS position FROM events GROUP BY command_id HAVING count(*) > 1";
  for (const { id, position } of database.prepare(sql).all() as { id: string; position: number }[])
    walk.problems.add({ position, what: `the command id ${id} occurs twice` });
}

/** The problem to report if SQLite can't read the database file. */
export function unreadableLog(error: unknown, position: number): Problem {
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
      `the trigger ${name} ${present.has(name) ? "was changed" : "is missing"}; the next start restores it`,
    );
  }
}

function compareAnchor({ name, reading }: Anchor, walk: Walk): void {
  if (reading.kind === "missing") {
    if (walk.position > 0)
      walk.problems.add({ position: walk.position, what: `${name} is missing, although there are events` });
    return;
  }
  if (reading.kind === "invalid") {
    walk.problems.add({ position: walk.position, what: `${name} can't be trusted: ${reading.why}` });
    return;
  }
  const { position } = reading;
  const seen = walk.seen.get(position);
  if (position > walk.position)
    walk.problems.add({
      position: walk.position + 1,
      what: `the log ends at position ${walk.position}, but ${name} is at position ${position}: the log was truncated`,
    });
  else if (seen?.hash !== reading.hash)
    walk.problems.add({
      position,
      what: `the hash at position ${position} is not the one that ${name} has: the log was rewritten`,
    });
  if (seen !== undefined && seen.epoch !== null && seen.epoch !== reading.epoch)
    walk.problems.add({
      position,
      what: `the epoch at position ${position} is ${seen.epoch}, but ${name} has ${reading.epoch}`,
    });
}
