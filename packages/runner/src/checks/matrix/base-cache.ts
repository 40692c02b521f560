/**
 * Caches results of a base's own tests on its own code in the home's folder `checked/`, so that the next change on the same base need not run
 * them. Only complete results of runs on the base alone are stored. An entry is verified when it is read; a broken entry counts as missing.
 */
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync } from "node:fs";
import { basename, join } from "node:path";
import {
  type Cell,
  canonicalJson,
  cellSchema,
  reportedTestsMax,
  sha256Schema,
  type WatchedPaths,
  watchedPathsSchema,
} from "@aedev/contracts";
import { isUnfinished, writeDurably } from "@aedev/host/durable-file";
import { homeLayout } from "@aedev/host/home-layout";
import { readRegular } from "@aedev/host/nofollow-read";
import { parseJson } from "@aedev/host/parse-json";
import { z } from "zod";
import type { RunnerContext } from "../../engine/context.ts";
import type { CheckContext } from "../pass/pass.ts";
import type { BaseRecord } from "../record/adjudicate.ts";
import { ownCodeDigest } from "./own-code.ts";
import type { PerturbedBase } from "./perturbed-pass.ts";
import type { Reached } from "./run-cell.ts";

/** A result of more runs is not stored, because each later difference would add further runs. */
export const keptRunsMax = 10;
/** Maximum number of entries; the least recently used are removed first. */
export const entriesMax = 64;
const entryBytesMax = 64 * 1024 * 1024;
const oldAfterMs = 3_600_000;

const resultSchema = z.strictObject({
  cell: cellSchema,
  /** Files whose sentinel was reported, by command. The candidate's sentinels are compared with them. */
  reached: z.array(z.array(z.string().max(4096)).max(100_000).nullable()).max(32),
  /** The base's assertion counts in each file, by command. */
  recorded: z
    .array(
      z
        .strictObject({
          files: z
            .array(
              z.strictObject({
                path: z.string().max(1000),
                calls: z.int().nonnegative(),
                failures: z.int().nonnegative(),
                hidden: z.int().nonnegative(),
              }),
            )
            .max(reportedTestsMax),
          refuted: z.array(z.string().max(1100)).max(1000),
          isBroken: z.boolean(),
        })
        .nullable(),
    )
    .max(32),
  watched: watchedPathsSchema.nullable(),
  /** The results of altered expectations on the base; null until the first change on it. */
  perturbed: z
    .strictObject({
      seed: z.string().max(64),
      red: z.array(z.array(z.string().max(1000)).max(reportedTestsMax)).max(32),
      left: z.array(z.string().max(4096)).max(100_000),
    })
    .nullable(),
});
const entrySchema = z.strictObject({
  schema: z.literal(6),
  key: sha256Schema,
  /** Milliseconds since 1970; reading an entry does not change it. */
  kept_at: z.int().nonnegative(),
  digest: sha256Schema,
  result: resultSchema,
});

export interface BaseResult {
  cell: Cell;
  reached: Reached;
  recorded: readonly (BaseRecord | null)[];
  watched: WatchedPaths | null;
  /** Absent until a change on this base was checked. */
  perturbed?: PerturbedBase | null;
  /** When the cell ran, in milliseconds since 1970; now if absent. */
  keptAt?: number;
}
export interface KeptResult extends BaseResult {
  /** Too old: a difference from this result may come from time alone, so it doesn't count against a change yet. */
  isOld: boolean;
}

/** The key of a base result, made from everything that determines it. `tree`: git's id of the base's whole tree, control files included, and its paths. */
export function baseKey(
  checkContext: CheckContext,
  tree: { id: string; paths: Iterable<string> },
  context: Pick<RunnerContext, "sha256" | "user">,
): string {
  const { limits, outputs } = checkContext;
  return context.sha256(
    canonicalJson({
      schema: 1,
      code: ownCodeDigest(context.sha256),
      tree: tree.id,
      image: checkContext.imageId,
      commands: checkContext.plans.map((plan) => [
        plan.command,
        plan.runner?.name ?? null,
        plan.shell("report", ""),
        plan.environment("report"),
      ]),
      tests: checkContext.testGlobs,
      writable: checkContext.writable,
      sealed: sealedWithin(checkContext, tree.paths),
      outputs: outputs === null ? null : { archive: basename(outputs.archivePath), paths: outputs.paths },
      user: [context.user.uid, context.user.gid],
      limits: [
        limits.check_timeout_ms,
        limits.memory_bytes,
        limits.pids,
        limits.cpu_millis,
        limits.file_size_bytes,
        limits.tmpfs_bytes,
        limits.run_bytes,
        limits.run_files,
        limits.output_tail_bytes,
      ],
    }),
  );
}

/** The files below writable paths that no command may change. All other files are read-only anyway. */
function sealedWithin({ plans, writable, isSealed }: CheckContext, paths: Iterable<string>): string[] {
  const places = [...writable, ...plans.flatMap(({ scratch }) => scratch)];
  return [...paths].filter((path) => places.some((place) => path.startsWith(`${place}/`)) && isSealed(path)).toSorted();
}

/** Null if the entry is missing or was changed. */
export async function readBase(
  key: string,
  context: Pick<RunnerContext, "home" | "sha256">,
): Promise<KeptResult | null> {
  const path = join(homeLayout(context.home).checked, `${key}.json`);
  const file = await readRegular(path, entryBytesMax);
  if (file === null || file.sizeBytes > entryBytesMax) return null;
  const entry = entrySchema.safeParse(parseJson(file.bytes.toString("utf8"))).data;
  if (entry === undefined || entry.key !== key || digestOf(entry, context) !== entry.digest) return null;
  const { cell, reached, recorded, watched, perturbed } = entry.result;
  if (!isWhole(cell) || reached.length !== cell.commands.length) return null;
  const now = new Date();
  utimesSync(path, now, now);
  const sets = reached.map((files) => (files === null ? null : new Set(files)));
  const ageMs = now.getTime() - entry.kept_at;
  return {
    cell: { ...cell, cached: key },
    reached: sets,
    recorded: recorded.map(
      (found) => found && { ...found, files: new Map(found.files.map((file) => [file.path, file])) },
    ),
    watched,
    perturbed,
    keptAt: entry.kept_at,
    isOld: ageMs < 0 || ageMs > oldAfterMs,
  };
}

/** Stores a complete result, unless it was stopped or is a failure of a single run. Returns false if it is too large. */
export function keepBase(key: string, found: BaseResult, context: Pick<RunnerContext, "home" | "sha256">): boolean {
  if (!isWhole(found.cell) || found.cell.commands.some(({ runs }) => runs > keptRunsMax)) return true;
  const { perturbed } = found;
  const result: z.infer<typeof resultSchema> = {
    cell: { ...found.cell, cached: null },
    reached: found.reached.map((files) => (files === null ? null : [...files].sort())),
    recorded: found.recorded.map((record) => record && keptRecord(record)),
    watched: found.watched,
    perturbed:
      perturbed == null
        ? null
        : { seed: perturbed.seed, red: perturbed.red.map((ids) => [...ids]), left: [...perturbed.left] },
  };
  const entry = { key, kept_at: found.keptAt ?? Date.now(), result };
  const text = canonicalJson({ schema: 6, ...entry, digest: digestOf(entry, context) });
  if (Buffer.byteLength(text) > entryBytesMax) return false;
  const folder = homeLayout(context.home).checked;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeDurably(join(folder, `${key}.json`), text);
  removeOldest(folder);
  return true;
}

function keptRecord({ files, refuted, isBroken }: BaseRecord) {
  return { files: [...files].map(([path, counts]) => ({ path, ...counts })), refuted: [...refuted], isBroken };
}

/** True if the result is complete. A failure needs a second run, because a base can fail by chance. */
function isWhole({ ran, commands }: Cell): boolean {
  return (
    ran &&
    commands.length > 0 &&
    commands.every(({ exit_code, timed_out, incomplete, tests, runs }) => {
      const isRed = exit_code !== 0 || tests?.some(({ result }) => result === "fail") === true;
      return exit_code !== null && !timed_out && incomplete === null && (!isRed || runs > 1);
    })
  );
}

function removeOldest(folder: string): void {
  const entries = readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => ({ path: join(folder, name), usedAt: statSync(join(folder, name)).mtimeMs }))
    .sort((one, other) => other.usedAt - one.usedAt);
  for (const { path } of entries.slice(entriesMax)) rmSync(path, { force: true });
}

/** Removes unfinished entries of an earlier process of this plane. */
export function clearUnfinished(home: string): void {
  const folder = homeLayout(home).checked;
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) if (isUnfinished(name)) rmSync(join(folder, name), { force: true });
}

function digestOf(
  { key, kept_at, result }: Pick<z.infer<typeof entrySchema>, "key" | "kept_at" | "result">,
  { sha256 }: Pick<RunnerContext, "sha256">,
): string {
  return sha256(canonicalJson({ key, kept_at, result }));
}
