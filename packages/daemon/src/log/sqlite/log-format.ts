/** Keeps an older version from opening a log that a newer one has used: it would report unknown events as damage. The format number is in the file's header. */
import { Fault } from "@aedev/contracts";
import { eventSchemas } from "@aedev/contracts/events";
import { schemaNumberOf } from "@aedev/core/reading";
import type { SqliteDatabase } from "./database.ts";

/** Rises with every event type, field and schema number that a version adds, because versions never remove any. */
export const logFormat = Object.entries(eventSchemas).reduce(
  (sum, [type, schema]) => sum + schemaNumberOf(type) + Object.keys(schema.shape).length,
  0,
);

/** Notes this version's number in the log. Throws a Fault `log-newer`, and writes nothing, if a newer version has noted a higher one. */
export function requireFormat(database: SqliteDatabase): void {
  if (refuseNewer(database) < logFormat) database.pragma(`user_version = ${logFormat}`);
}

/** Returns the noted number. Throws a Fault `log-newer` if it is higher than this version's. */
export function refuseNewer(database: SqliteDatabase): number {
  const found = Number(database.pragma("user_version", { simple: true }));
  if (found > logFormat)
    throw new Fault("log-newer", `a newer aedev has opened this log (format ${found}; this program has ${logFormat})`, {
      hint: "run that version again; its daemon is unharmed",
    });
  return found;
}
