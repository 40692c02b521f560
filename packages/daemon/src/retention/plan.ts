/** Finds all that `retention` no longer keeps: blobs, prepared dependencies, run logs, bundles laid out for judges, mirrors of removed repositories. */
import { existsSync, lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { runIdSchema } from "@aedev/contracts";
import type { State } from "@aedev/core";
import { diskUsage } from "@aedev/host/disk-usage";
import { homeLayout } from "@aedev/host/home-layout";
import { archivesOver, type PreparedArchive, preparedArchives, unusedAfterMs } from "@aedev/host/prepared-archives";
import type { Configuration } from "../configuration/configuration-schema.ts";
import { openViews } from "../log/open-views.ts";
import { openForReading, type SqliteDatabase } from "../log/sqlite/database.ts";
import { type BlobPlan, planBlobs } from "./plan-blobs.ts";

/** Anything that changed more recently may be in use. */
const graceMs = 24 * 60 * 60 * 1000;

export type Retention = Configuration["retention"];
/** A file or folder of the home to remove. */
export interface Removable {
  readonly kind: "prepared" | "log" | "bundle" | "mirror";
  /** Absolute path. */
  readonly path: string;
  readonly size_bytes: number;
}
export interface CollectionPlan extends BlobPlan {
  /** Milliseconds since 1970; what was used since then stays. */
  readonly made_at_ms: number;
  /** ISO 8601 UTC: blobs of work that ended before then may be among `expired`. */
  readonly ended_before: string;
  /** The tasks whose blobs are among `expired`. */
  readonly ended_tasks: readonly string[];
  readonly files: readonly Removable[];
}

/** `nowMs`: milliseconds since 1970. */
export async function planCollection(
  home: string,
  { retention, nowMs }: { retention: Retention; nowMs: number },
): Promise<CollectionPlan> {
  const layout = homeLayout(home);
  const database = openForReading(layout.log);
  const views = openViews(database);
  try {
    const ended_before = new Date(nowMs - (retention.blobsMs ?? 0)).toISOString();
    const { state, tasks, others, positions } = views.read(({ state: reader, queries }) => {
      const open = reader.open().state;
      if (retention.blobsMs === null) return { state: open, tasks: [], others: [], positions: [] };
      return {
        state: open,
        tasks: queries.tasksEndedBefore(ended_before).filter((id) => !isNeeded(open, id)),
        others: [
          ...canariesEndedBefore(database, ended_before, open),
          ...draftedMissionsEndedBefore(database, ended_before, open),
        ],
        positions: setUpRunsEndedBefore(database, ended_before),
      };
    });
    const streams = new Set([...tasks.map((id) => `task/${id}`), ...others]);
    const ended = { streams, positions: new Set(positions) };
    const plan = planBlobs({ events: database, blobs: layout.blobs }, { ended, nowMs });
    const files = await removableFiles(home, { state, retention, nowMs });
    return { ...plan, made_at_ms: nowMs, ended_before, ended_tasks: tasks, files };
  } finally {
    views.close();
    database.close();
  }
}

/** Whether an ended task can still be needed: it is in the state, or its landing is watched and may be reverted. */
export function isNeeded(state: State, taskId: string): boolean {
  if (state.tasks[taskId] !== undefined) return true;
  return Object.values(state.repositories).some(({ watched = [] }) =>
    watched.some(({ task_id }) => task_id === taskId),
  );
}

/** Streams of planted bundles without an open verdict, whose last event is older than `before`. */
function canariesEndedBefore(events: SqliteDatabase, before: string, state: State): string[] {
  const sql = "SELECT stream FROM events WHERE stream GLOB 'canary/*' GROUP BY stream HAVING max(recorded_at) < ?";
  const streams = events.prepare(sql).pluck().all(before) as string[];
  return streams.filter((stream) => state.canaries[stream.slice("canary/".length)] === undefined);
}

/** Streams of ended missions with a draft, if the last event about the mission or its tasks is older and no task is needed. */
function draftedMissionsEndedBefore(events: SqliteDatabase, before: string, state: State): string[] {
  const drafted = "SELECT DISTINCT correlation_id FROM events WHERE type = 'DraftEnded'";
  const sql = `SELECT correlation_id AS id, json_group_array(DISTINCT stream) AS streams FROM events WHERE correlation_id IN (${drafted}) GROUP BY correlation_id HAVING max(recorded_at) < ?`;
  const missions = events.prepare(sql).all(before) as { id: string; streams: string }[];
  const isOver = ({ id, streams }: { id: string; streams: string }) =>
    state.missions[id] === undefined &&
    !(JSON.parse(streams) as string[]).some((stream) => isNeeded(state, stream.replace(/^task\//, "")));
  return missions.filter(isOver).map(({ id }) => `mission/${id}`);
}

/** Positions of the ends of set-up runs, which are in the system's stream. */
function setUpRunsEndedBefore(events: SqliteDatabase, before: string): number[] {
  const sql = "SELECT position FROM events WHERE stream = 'system' AND type = 'SetUpRunEnded' AND recorded_at < ?";
  return events.prepare(sql).pluck().all(before) as number[];
}

async function removableFiles(
  home: string,
  { state, retention, nowMs }: { state: State; retention: Retention; nowMs: number },
): Promise<Removable[]> {
  const { prepared, logs, bundles, mirrors, landings } = homeLayout(home);
  const live = new Set(Object.values(state.tasks).flatMap(({ runs }) => runs.map(({ run_id }) => `${run_id}.log`)));
  const needed = new Set([
    ...Object.values(state.tasks).flatMap(({ evidence }) => evidence?.bundle.digest ?? []),
    ...Object.values(state.canaries).map(({ bundle }) => bundle.digest),
  ]);
  const registered = new Set(Object.keys(state.repositories).map((name) => `${name}.git`));
  const isLog = (name: string) => runIdSchema.safeParse(name.replace(/\.log$/, "")).success && !live.has(name);
  const olderThan = (ageMs: number | null) => (ageMs === null ? null : nowMs - ageMs);
  const unusedPrepared = namesBefore(prepared, olderThan(retention.preparedMs), (name) =>
    /^[0-9a-f]{64}\.(json|tar)$/.test(name),
  );
  const isUsed = ({ usedAtMs }: PreparedArchive) => usedAtMs > nowMs - unusedAfterMs;
  const largePrepared = archivesOver(preparedArchives(prepared), retention.preparedBytesMax, isUsed).map(
    ({ path }) => path,
  );
  const found = [
    ...[...new Set([...unusedPrepared, ...largePrepared])].map((path) => ({ kind: "prepared" as const, path })),
    ...namesBefore(logs, olderThan(retention.logsMs), isLog).map((path) => ({ kind: "log" as const, path })),
    ...namesBefore(bundles, nowMs - graceMs, (name) => /^[0-9a-f]{64}$/.test(name) && !needed.has(name)).map(
      (path) => ({
        kind: "bundle" as const,
        path,
      }),
    ),
    // A repository that is being added has its mirror before its registration.
    ...[mirrors, landings]
      .flatMap((folder) =>
        namesBefore(folder, nowMs - graceMs, (name) => name.endsWith(".git") && !registered.has(name)),
      )
      .map((path) => ({ kind: "mirror" as const, path })),
  ];
  // A bundle only has links to blobs, so it counts no bytes.
  const bytesOf = (file: Pick<Removable, "kind" | "path">) => (file.kind === "bundle" ? 0 : sizeOf(file.path));
  return Promise.all(found.map(async (file) => ({ ...file, size_bytes: await bytesOf(file) })));
}

/** Paths in a folder with matching names that last changed before this time; null: none are removed. */
function namesBefore(folder: string, beforeMs: number | null, matches: (name: string) => boolean): string[] {
  if (beforeMs === null || !existsSync(folder)) return [];
  return readdirSync(folder)
    .filter(matches)
    .map((name) => join(folder, name))
    .filter((path) => (lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? nowhereMs) < beforeMs);
}
const nowhereMs = Number.POSITIVE_INFINITY;

async function sizeOf(path: string): Promise<number> {
  const state = lstatSync(path, { throwIfNoEntry: false });
  if (state === undefined) return 0;
  if (!state.isDirectory()) return state.size;
  const unbounded = Number.POSITIVE_INFINITY;
  return (await diskUsage([path], { bytes: unbounded, entries: unbounded })).bytes;
}
