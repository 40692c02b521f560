/**
 * Decides which blobs to delete: those that no event leads to, and those that only long-ended work leads to. An event leads to the blobs that it names, and to
 * those that they name in turn. It changes nothing.
 */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { type EventType, expiredBlobsMax } from "@aedev/contracts/events";
import { blobPathOf, isRemoved } from "@aedev/host/blob-store";
import { isUnfinished } from "@aedev/host/durable-file";
import { namedBlobs } from "../home/named-blobs.ts";
import type { SqliteDatabase } from "../log/sqlite/database.ts";
import { digestsIn, digestsInFile } from "./digests.ts";

/** A process writes a blob before the event that names it. No event takes longer than this, and a person may still look for what a run left. */
const graceMs = 7 * 24 * 60 * 60 * 1000;

export interface BlobPlan {
  /** Digests that events name, deleted with an event of their own. */
  readonly expired: readonly string[];
  readonly expired_bytes: number;
  /** Files in the store that nothing leads to, as paths in it. */
  readonly unused: readonly string[];
  readonly unused_bytes: number;
  /** What an interrupted removal left, as paths in the store. */
  readonly removed: readonly string[];
}

/** Event types whose blobs are deleted with long-ended tasks, missions and planted bundles. Other blobs stay: missions' texts, statements, commits. */
const expiring: ReadonlySet<EventType> = new Set([
  "RunStarted",
  "ChangeCaptured",
  "RunEnded",
  "ChecksRan",
  "EvidenceSealed",
  "VerdictRecorded",
  "RevertPrepared",
  "CanaryPlanted",
  "CanaryJudged",
  "DraftEnded",
  "SetUpRunEnded",
]);

/** What ended so long ago that its blobs are deleted. */
export interface Ended {
  /** Streams of tasks, missions and planted bundles. */
  readonly streams: ReadonlySet<string>;
  /** Positions of events that end something within a longer stream, such as a set-up run. */
  readonly positions: ReadonlySet<number>;
}

/** `nowMs`: milliseconds since 1970. */
export function planBlobs(
  { events, blobs }: { events: SqliteDatabase; blobs: string },
  { ended, nowMs }: { ended: Ended; nowMs: number },
): BlobPlan {
  const store = filesIn(blobs);
  const isBlob = (digest: string) => store.blobs.has(digest);
  const roots = rootsOf(events, { isBlob, ended });
  const live = reachableBlobs(roots.followed, { blobs, isBlob, without: roots.unfollowed });
  const past = reachableBlobs(roots.ending, { blobs, isBlob, without: new Set() });
  const kept = roots.unfollowed;
  // A run may have stored a blob of an old task again, before its event is in the log.
  const isOld = (file: StoredFile | undefined) => file !== undefined && file.mtimeMs < nowMs - graceMs;
  const isLetGo = (digest: string) => !live.has(digest) && !kept.has(digest) && isOld(store.blobs.get(digest));
  const expired = [...past].filter(isLetGo).sort();
  const named = (digest: string) => live.has(digest) || kept.has(digest) || past.has(digest);
  const unused = [
    ...[...store.blobs].filter(([digest, file]) => !named(digest) && isOld(file)),
    ...[...store.unfinished].filter(([, file]) => isOld(file)),
  ].map(([, file]) => file);
  const first = expired.slice(0, expiredBlobsMax);
  const sizeOf = (digest: string) => store.blobs.get(digest)?.sizeBytes ?? 0;
  return {
    expired: first,
    expired_bytes: first.reduce((sum, digest) => sum + sizeOf(digest), 0),
    unused: unused.map(({ path }) => path).sort(),
    unused_bytes: unused.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    removed: store.removed,
  };
}

interface Roots {
  /** Named by what has not ended; they stay with everything that they name. */
  readonly followed: ReadonlySet<string>;
  /** Manifests of ended work and lists of expired blobs, which stay although the blobs that they name need not. */
  readonly unfollowed: ReadonlySet<string>;
  /** Named by what has ended. */
  readonly ending: ReadonlySet<string>;
}

function rootsOf(
  events: SqliteDatabase,
  { isBlob, ended }: { isBlob: (digest: string) => boolean; ended: Ended },
): Roots {
  const followed = new Set<string>();
  const unfollowed = new Set<string>();
  const ending = new Set<string>();
  const sealed = new Set<string>();
  const rows = events.prepare("SELECT position, stream, type, data FROM events ORDER BY position");
  for (const { position, stream, type, data } of rows.iterate() as Iterable<NamingEvent>) {
    const isOver = ended.streams.has(stream) || ended.positions.has(position);
    if (type === "BlobsExpired") addAll(unfollowed, digestsIn(data, isBlob));
    else if (isOver && expiring.has(type)) addAll(ending, digestsIn(data, isBlob));
    // Approvals and later events repeat digests of the decided change; that alone keeps no blob.
    else if (isOver || stream.startsWith("approval/")) addAll(followed, digestsNamed(data).filter(isBlob));
    else addAll(followed, digestsIn(data, isBlob));
    if (type !== "EvidenceSealed" && type !== "CanaryPlanted") continue;
    const { bundle, statement } = JSON.parse(data) as { bundle: { digest: string }; statement?: { digest: string } };
    addAll(isOver ? unfollowed : sealed, [bundle.digest, statement?.digest ?? []].flat().filter(isBlob));
  }
  // If something else needs a blob, it is followed, even if it was sealed twice.
  for (const digest of sealed) unfollowed.delete(digest);
  for (const digest of unfollowed) followed.delete(digest);
  return { followed, unfollowed, ending };
}

interface NamingEvent {
  readonly position: number;
  readonly stream: string;
  readonly type: EventType;
  readonly data: string;
}

const digestsNamed = (data: string) => namedBlobs(JSON.parse(data)).map(({ digest }) => digest);

function addAll(set: Set<string>, digests: readonly string[]): void {
  for (const digest of digests) set.add(digest);
}

/** All blobs that these lead to, with themselves. */
function reachableBlobs(
  roots: ReadonlySet<string>,
  { blobs, isBlob, without }: { blobs: string; isBlob: (digest: string) => boolean; without: ReadonlySet<string> },
): ReadonlySet<string> {
  const found = new Set(roots);
  // A set is walked in the order of insertion, including what is added meanwhile.
  for (const digest of found)
    for (const named of digestsInFile(join(blobs, blobPathOf(digest)), isBlob))
      if (!without.has(named)) found.add(named);
  return found;
}

interface StoredFile {
  /** Path in the store. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
}

function filesIn(blobs: string) {
  const found = {
    blobs: new Map<string, StoredFile>(),
    unfinished: new Map<string, StoredFile>(),
    removed: [] as string[],
  };
  for (const folder of readdirSync(blobs)) {
    const isFolder = /^[0-9a-f]{2}$/.test(folder);
    for (const name of isFolder ? readdirSync(join(blobs, folder)) : [folder]) {
      const path = isFolder ? join(folder, name) : name;
      const state = statSync(join(blobs, path), { throwIfNoEntry: false });
      if (state?.isFile() !== true) continue;
      const file = { path, sizeBytes: state.size, mtimeMs: state.mtimeMs };
      if (/^[0-9a-f]{64}$/.test(name) && isFolder) found.blobs.set(name, file);
      else if (isRemoved(name)) found.removed.push(path);
      else if (isUnfinished(name)) found.unfinished.set(path, file);
    }
  }
  return found;
}
