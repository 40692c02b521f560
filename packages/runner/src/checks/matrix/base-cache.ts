/**
 * Results of a base's own tests on its own code, kept in the home's folder `checked/` so that the next change on the same base runs none of
 * them. Only what was run on nothing but the base goes in, only whole results, and what is read is checked anew: a broken entry is none.
 */
import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { type Cell, canonicalJson, cellSchema, sha256Schema } from "@aedev/core/wire";
import { z } from "zod";
import { readRegular } from "../../capture/careful-read.ts";
import type { RunnerContext } from "../../context.ts";
import type { Bench } from "../pass.ts";
import { ownCodeDigest } from "./own-code.ts";
import type { Reached } from "./run-cell.ts";

/** A result of more runs than these is not kept: each later difference would add some. */
const keptRunsMax = 8;
/** Entries that are kept; the ones not used for longest go first. */
export const entriesMax = 64;
const entryBytesMax = 16 * 1024 * 1024;
const oldAfterMs = 3_600_000;

const resultSchema = z.strictObject({
  cell: cellSchema,
  /** Files whose sentinel answered, by command: what the candidate's sentinels are held against. */
  reached: z.array(z.array(z.string().max(4096)).max(100_000).nullable()).max(32),
});
const entrySchema = z.strictObject({
  schema: z.literal(2),
  key: sha256Schema,
  /** Milliseconds since 1970; reading an entry leaves it as it is. */
  kept_at: z.int().nonnegative(),
  digest: sha256Schema,
  result: resultSchema,
});

export interface BaseResult {
  cell: Cell;
  reached: Reached;
}
export interface KeptResult extends BaseResult {
  /** Too long ago to blame a change for a difference from it. */
  isOld: boolean;
}

/** Names one base result: everything that decides it. `treeId`: git's id of the base's whole tree, control files included. */
export function baseKey(bench: Bench, treeId: string, context: Pick<RunnerContext, "sha256" | "user">): string {
  const { limits, outputs } = bench;
  return context.sha256(
    canonicalJson({
      schema: 1,
      code: ownCodeDigest(context.sha256),
      tree: treeId,
      image: bench.imageId,
      commands: bench.plans.map((plan) => [
        plan.command,
        plan.runner?.name ?? null,
        plan.shell("report"),
        plan.environment("report"),
      ]),
      tests: bench.testGlobs,
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

/** Null where there is no such entry, or one that is not what was written. */
export async function readBase(
  key: string,
  context: Pick<RunnerContext, "home" | "sha256">,
): Promise<KeptResult | null> {
  const path = join(folderOf(context.home), `${key}.json`);
  const file = await readRegular(path, entryBytesMax);
  if (file === null || file.sizeBytes > entryBytesMax) return null;
  const entry = entrySchema.safeParse(parse(file.bytes.toString("utf8"))).data;
  if (entry === undefined || entry.key !== key || digestOf(entry, context) !== entry.digest) return null;
  const { cell, reached } = entry.result;
  if (!isWhole(cell) || reached.length !== cell.commands.length) return null;
  const now = new Date();
  utimesSync(path, now, now);
  const sets = reached.map((files) => (files === null ? null : new Set(files)));
  const ageMs = now.getTime() - entry.kept_at;
  return { cell: { ...cell, cached: key }, reached: sets, isOld: ageMs < 0 || ageMs > oldAfterMs };
}

/** Keeps a whole result; what is stopped, incomplete, or red after one run alone is not kept. */
export function keepBase(key: string, found: BaseResult, context: Pick<RunnerContext, "home" | "sha256">): void {
  if (!isWhole(found.cell) || found.cell.commands.some(({ runs }) => runs > keptRunsMax)) return;
  const result = {
    cell: { ...found.cell, cached: null },
    reached: found.reached.map((files) => (files === null ? null : [...files].sort())),
  };
  const entry = { key, kept_at: Date.now(), result };
  const text = canonicalJson({ schema: 2, ...entry, digest: digestOf(entry, context) });
  if (Buffer.byteLength(text) > entryBytesMax) return;
  const folder = folderOf(context.home);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const temporary = join(folder, `.new-${randomBytes(8).toString("hex")}`);
  const file = openSync(temporary, "wx", 0o600);
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, join(folder, `${key}.json`));
  removeOldest(folder);
}

/** A red base may be red by chance; a second run says whether it is. */
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

/** Removes what a life of this plane that ended in the middle left. */
export function clearUnfinished(home: string): void {
  const folder = folderOf(home);
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) if (name.startsWith(".new-")) rmSync(join(folder, name), { force: true });
}

function folderOf(home: string): string {
  return join(home, "checked");
}

function digestOf(
  { key, kept_at, result }: Pick<z.infer<typeof entrySchema>, "key" | "kept_at" | "result">,
  { sha256 }: Pick<RunnerContext, "sha256">,
): string {
  return sha256(canonicalJson({ key, kept_at, result }));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
