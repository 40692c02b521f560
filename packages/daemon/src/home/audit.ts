/** Verifies, rebuilds and exports a whole home's log, for the CLI while the daemon is down and for the daemon's routes. */

import { existsSync } from "node:fs";
import { Fault } from "@aedev/contracts";
import { homeLayout } from "@aedev/host/home-layout";
import { type LogPlace, placeUpTo } from "../log/log-place.ts";
import { rebuildViews } from "../log/rebuild-views.ts";
import { openForReading, openForWriting, type SqliteDatabase, sqliteCode } from "../log/sqlite/database.ts";
import { migrate } from "../log/sqlite/tables.ts";
import { type Anchor, type LogVerification, unreadableLog, verifyEvents } from "../log/verify.ts";
import { readTip } from "./acknowledged-tip.ts";
import { takeLock } from "./lock.ts";
import { readSignedHead } from "./signed-head.ts";

/**
 * Verifies the home's log on its own connection, without a lock. `checkpoint`: a copy of a signed head, kept elsewhere. `sinceHead`: only events after the
 * checkpoint or else the signed head, which are read first, so that a growing log still extends them. `recent`: only the newest events, but none before a
 * person's last acceptance, which the signed head names.
 */
export function verifyHome(
  home: string,
  options: { checkpoint?: string; sinceHead?: boolean; recent?: boolean } = {},
): LogVerification {
  const anchors: Anchor[] = [{ name: "the signed head", reading: readSignedHead(home) }];
  if (options.checkpoint !== undefined)
    anchors.push({ name: `the checkpoint ${options.checkpoint}`, reading: readSignedHead(home, options.checkpoint) });
  if (!existsSync(homeLayout(home).log) && anchors.some(({ reading }) => reading.kind !== "missing"))
    return {
      ok: false,
      problems: [{ position: 1, what: "the log is missing, although a head was signed" }],
      warnings: [],
    };
  const tip = readTip(home);
  try {
    const database = openForReading(homeLayout(home).log);
    try {
      const since = options.sinceHead === true ? "last-anchor" : "first-event";
      const verified = verifyEvents(database, anchors, { since: options.recent === true ? "recent" : since });
      return tip === null ? verified : requireTip(verified, tip, database);
    } finally {
      database.close();
    }
  } catch (error) {
    if (sqliteCode(error) === null) throw error;
    return { ok: false, problems: [unreadableLog(error, 1)], warnings: [] };
  }
}

/** An intact log may still have lost its newest events, if its write-ahead file was damaged. */
function requireTip(verified: LogVerification, tip: LogPlace, database: SqliteDatabase): LogVerification {
  if (!verified.ok) return verified;
  const place = placeUpTo(database, tip.position);
  if (place.position === tip.position && place.hash === tip.hash) return verified;
  const what =
    place.position < tip.position
      ? `the log ends at position ${place.position}, but there was an event at position ${tip.position}: its newest events are lost`
      : `the hash at position ${tip.position} is not that of the event which was there: its newest events are lost`;
  return {
    ok: false,
    problems: [{ position: Math.min(place.position + 1, tip.position), what }],
    warnings: verified.warnings,
  };
}

/** With the daemon down: takes the home's lock and rebuilds the views from the log. Throws a Fault `home-locked` if a daemon is running. */
export async function rebuildHome(home: string): Promise<LogPlace> {
  const { log } = homeLayout(home);
  if (!existsSync(log)) throw new Fault("no-home", `there is no log at ${log}`, { hint: "aedev init" });
  using _lock = takeLock(home);
  const database = openForWriting(log);
  try {
    await migrate(database);
    return rebuildViews(database);
  } finally {
    database.close();
  }
}
