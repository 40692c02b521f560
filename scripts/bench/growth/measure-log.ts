/** A process of the bench: performs one operation on a whole log, once, and prints its time and its largest memory. */

import { rebuildViews } from "../../../packages/daemon/src/log/rebuild-views.ts";
import { openForReading, openForWriting } from "../../../packages/daemon/src/log/sqlite/database.ts";
import { chainHash, type EventRow, genesisHash } from "../../../packages/daemon/src/log/sqlite/stored-event.ts";
import { verifyEvents } from "../../../packages/daemon/src/log/verify.ts";

const [path = "", what = ""] = process.argv.slice(2);

function scan(use: (row: EventRow) => void): void {
  const rows = openForReading(path).prepare("SELECT * FROM events ORDER BY position");
  for (const row of rows.iterate() as Iterable<EventRow>) use(row);
}

function hashAll(): void {
  let hash = genesisHash;
  scan((row) => {
    hash = chainHash(row, row.data, hash);
  });
}

function verify(): void {
  const verification = verifyEvents(openForReading(path), []);
  if (!verification.ok) throw new Error(verification.problems.map(({ what: problem }) => problem).join("\n"));
}

const work: Readonly<Record<string, () => unknown>> = {
  parse: () => scan(({ data }) => JSON.parse(data)),
  hash: hashAll,
  rebuild: () => rebuildViews(openForWriting(path)),
  verify,
};
const startedAt = performance.now();
work[what]?.();
const ms = performance.now() - startedAt;
process.stdout.write(JSON.stringify({ ms, megabytes: (process.resourceUsage().maxRSS * 1024) / 1e6 }));
