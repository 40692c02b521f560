/**
 * Says whether a log is what its appends left: chain, order, views, and the heads signed outside the database (an append-only table can be
 * replaced as a whole; a signature cannot be made without the key). It reads only, in one snapshot, and repairs nothing.
 */

import { eventTriggers } from "./migrations/001-events.ts";
import { type SqliteDatabase, sqliteCode } from "./sqlite/database.ts";
import { triggerTexts } from "./tables.ts";
import { type Problem, startWalk, type Walk, walkChain } from "./verify-chain.ts";
import { hasTable, readViewMeta, storedViewRows, viewRows, viewsVersion, viewTables } from "./views.ts";

/** What stands about the log outside it. `name`: how a person calls it, such as "the signed head". */
export interface Anchor {
  readonly name: string;
  readonly reading:
    | { readonly kind: "missing" }
    | { readonly kind: "invalid"; readonly why: string }
    | { readonly kind: "head"; readonly position: number; readonly hash: string; readonly epoch: number };
}

/** `warnings`: what does not make the log untrue, such as triggers that were dropped; the next start puts them back. */
export type Verification =
  | { readonly ok: true; readonly position: number; readonly hash: string; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly problems: readonly Problem[]; readonly warnings: readonly string[] };

const problemsMax = 50;

export function verifyLog(database: SqliteDatabase, anchors: readonly Anchor[]): Verification {
  const walk = startWalk();
  const warnings: string[] = [];
  try {
    database.exec("BEGIN");
    checkFile(database, walk, warnings);
    if (hasTable(database, "events")) {
      const heads = anchors.flatMap(({ reading }) => (reading.kind === "head" ? [reading.position] : []));
      walkChain(database, walk, new Set(heads));
      compareViews(database, walk);
    }
    for (const anchor of anchors) compareAnchor(anchor, walk);
  } catch (error) {
    if (sqliteCode(error) === null) throw error;
    walk.problems.push(unreadable(error, walk.position + 1));
  } finally {
    if (database.inTransaction) database.exec("ROLLBACK");
  }
  if (walk.problems.length === 0) return { ok: true, position: walk.position, hash: walk.hash, warnings };
  const surplus = walk.problems.length - problemsMax;
  const problems = walk.problems.slice(0, problemsMax);
  if (surplus > 0) problems.push({ what: `and ${surplus} more` });
  return { ok: false, problems, warnings };
}

/** The problem of a database file that SQLite itself cannot read. */
export function unreadable(error: unknown, position: number): Problem {
  return { position, what: `the database file is damaged: ${error instanceof Error ? error.message : error}` };
}

function checkFile(database: SqliteDatabase, walk: Walk, warnings: string[]): void {
  const findings = database.pragma("integrity_check(10)") as { integrity_check: string }[];
  for (const { integrity_check: finding } of findings)
    if (finding !== "ok") walk.problems.push({ what: `the database file is damaged: ${finding}` });
  if (!hasTable(database, "events")) {
    walk.problems.push({ position: 1, what: "the table events is missing" });
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

function compareViews(database: SqliteDatabase, walk: Walk): void {
  if (walk.state === null) return;
  const say = (row: string, what: string) => void walk.problems.push({ row, what });
  for (const table of viewTables) if (!hasTable(database, table)) say(table, "the table is missing");
  const expected = new Map([...viewRows(walk.state)].map((row) => [`${row.table}/${row.id}`, row.data]));
  for (const { table, id, data } of storedViewRows(database)) {
    const row = `${table}/${id}`;
    const folded = expected.get(row);
    if (folded === undefined) say(row, "the row is surplus: no event makes it");
    else if (folded !== data) say(row, "the row differs from the fold of the log");
    expected.delete(row);
  }
  for (const row of expected.keys()) say(row, "the row is missing");
  const meta = readViewMeta(database);
  if (meta === undefined) say("view_meta/views", "the row is missing");
  else if (meta.version === viewsVersion && (meta.position !== walk.position || meta.hash !== walk.hash))
    say("view_meta/views", `the views are of position ${meta.position}, the log ends at ${walk.position}`);
}

function compareAnchor({ name, reading }: Anchor, walk: Walk): void {
  if (reading.kind === "missing") {
    if (walk.position > 0)
      walk.problems.push({ position: walk.position, what: `${name} is missing though there are events` });
    return;
  }
  if (reading.kind === "invalid") {
    walk.problems.push({ position: walk.position, what: `${name} cannot be trusted: ${reading.why}` });
    return;
  }
  const { position } = reading;
  const seen = walk.seen.get(position);
  if (position > walk.position)
    walk.problems.push({
      position: walk.position + 1,
      what: `the log ends at position ${walk.position}, but ${name} is of position ${position}: its tail was cut`,
    });
  else if (seen?.hash !== reading.hash)
    walk.problems.push({
      position,
      what: `the hash at position ${position} is not the one ${name} has: the log was written anew`,
    });
  if (seen !== undefined && seen.epoch !== null && seen.epoch !== reading.epoch)
    walk.problems.push({
      position,
      what: `the epoch at position ${position} is ${seen.epoch}, ${name} has ${reading.epoch}`,
    });
}
