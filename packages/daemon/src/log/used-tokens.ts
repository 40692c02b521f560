/** Counts the tokens that runs, drafts and set-up runs used since an instant. It caches each entity by its stream's version, because a waiting run asks every few seconds. */
import {
  type MissionState,
  type State,
  type TaskState,
  tokensSince,
  type UsedTokens,
  usesByDrafts,
  usesByRuns,
  usesBySetUpRuns,
} from "@aedev/core/reading";
import type { ReadEntity } from "./read-entity.ts";
import type { SqliteDatabase } from "./sqlite/database.ts";
import { entityStream } from "./view-tables.ts";

interface UsesInStream {
  /** Of the stream's last event when it was folded. */
  readonly version: number;
  readonly uses: readonly UsedTokens[];
}

/** `database` has the views, `events` the log that they match; `read` reads from both. */
export function createTokenCount(
  { database, events }: { database: SqliteDatabase; events: SqliteDatabase },
  read: ReadEntity,
): (since: string) => number {
  const versionOf = events.prepare("SELECT max(version) FROM events WHERE stream = ?").pluck();
  const idsOf = {
    tasks: "SELECT id FROM view_tasks WHERE served_at > ?",
    missions: "SELECT id FROM view_missions WHERE drafted_at > ?",
    system: "SELECT id FROM view_system WHERE ? IS NOT NULL",
  };
  const usesOf = {
    tasks: (id: string) => usesByRuns(read<TaskState>("tasks", id)),
    missions: (id: string) => usesByDrafts(read<MissionState>("missions", id)),
    system: (id: string) => usesBySetUpRuns(read<State["system"]>("system", id)),
  };
  let known = new Map<string, UsesInStream>();
  return (since) => {
    const found = new Map<string, UsesInStream>();
    for (const kind of ["tasks", "missions", "system"] as const)
      for (const id of database.prepare(idsOf[kind]).pluck().all(since) as string[]) {
        const stream = entityStream(kind, id);
        const version = versionOf.get(stream) as number;
        const before = known.get(stream);
        found.set(stream, before?.version === version ? before : { version, uses: usesOf[kind](id) });
      }
    known = found;
    return tokensSince(
      [...found.values()].flatMap(({ uses }) => uses),
      since,
    );
  };
}
