/** Tells whether a request that changes an amount gives the new value: a value that is not just the present one, or a value relative to another. */
import { type AnchorKind, anchorsOf } from "../reading/anchors.ts";
import { findWords, wordsOf } from "../reading/words.ts";
import { entriesOf, type Reading } from "./reading.ts";

const values: ReadonlySet<AnchorKind> = new Set(["number", "measure"]);
/** Settings and commands that contain a value: `ttl = 30`, --limit=5. */
const assigned = /[=:]\s?\W{0,2}\d|\s\d+\b/u;
const clauseEnd = /(?<=[.!?;])\s|(?<=[。！？；，、])|,\s|[\n()（）]/u;

export function namesValue(reading: Reading): boolean {
  if (entriesOf(reading, "relative").length > 0) return true;
  return reading.text.split(clauseEnd).some((clause) => {
    const { anchors, prose } = anchorsOf(clause);
    const named = anchors.filter(({ kind, text }) => values.has(kind) || (kind === "code" && assigned.test(text)));
    if (named.length === 0) return false;
    const { now, into } = findWords(reading.language, wordsOf(prose));
    // "from 30 s today to 60 s" gives the new value, "30 s today" only the present one.
    return now.length === 0 || (named.length > 1 && into.length > 0);
  });
}
