/**
 * Lays out the tree that one pass checks, and mounts it read-only into every container of the pass (SECURITY T25): code under test can't rewrite
 * tests, configuration or itself. Prepared outputs are mounted read-only too. Only scratch folders can be written; each command gets its own copies.
 */
import { type BigIntStats, cpSync, existsSync, lstatSync, mkdirSync, renameSync } from "node:fs";
import { basename, join } from "node:path";
import { placeOfPath } from "@aedev/host/git/path-text";
import { readRegular } from "@aedev/host/nofollow-read";
import type { RunnerContext } from "../../engine/context.ts";
import type { Mount } from "../../engine/engine.ts";
import { randomName } from "../../engine/random-name.ts";
import { makeFolder, unpackPrepared } from "../../prepare/archive.ts";
import { type CheckEntries, layOut, writeCheckTree } from "../../tree/check-tree.ts";
import { deleteFolder, handOver } from "../../tree/run-folder.ts";
import type { PreparedOutputs } from "./cell-outputs.ts";
import type { CheckContext } from "./pass.ts";

/** Path of the checkout in the container; the same as for the coder. */
export const checkout = "/workspace/repo";
/** Files in scratch folders up to this size are compared byte by byte. */
const comparedBytesMax = 64 * 1024 * 1024;

export interface SealedCheckout {
  /** The mounts of one command, with its own copies of the scratch folders under `folder`. */
  mountsFor(scratch: readonly string[], folder: string): Promise<SealedMounts>;
}

export interface SealedMounts {
  mounts: Mount[];
  /** The first sealed file that changed since it was laid out; null if none did. Call it after the container's end. */
  changedFile(): Promise<string | null>;
}

/**
 * `edit`: changes files in the checkout before it is sealed. `outputs`: the prepared outputs of this tree. Everything is created below `folder`, except
 * unpacked outputs, which all passes of one work item share.
 */
export async function sealCheckout(
  checkContext: Pick<CheckContext, "objects" | "work" | "isSealed">,
  cell: {
    entries: CheckEntries;
    outputs: PreparedOutputs | null;
    folder: string;
    edit: (repository: string) => void;
  },
  context: Pick<RunnerContext, "user">,
): Promise<SealedCheckout> {
  const { entries, outputs } = cell;
  const repository = join(cell.folder, "repo");
  await layOut(checkContext.objects, await writeCheckTree(checkContext.objects, entries), repository);
  cell.edit(repository);
  const unpacked = outputs === null ? null : await unpackOnce(outputs, checkContext.work, context);
  const mounted =
    outputs === null || unpacked === null ? null : mountableOutputs(outputs, { entries, repository, unpacked });
  if (outputs !== null && mounted === null) await unpackPrepared(outputs.archivePath, repository, context.user);
  await handOver([repository], context.user);
  const roots = [
    { target: "", source: repository },
    ...(mounted ?? []).map((path) => ({ target: path, source: join(unpacked ?? "", path) })),
  ];
  const sealedPaths = [...entries].filter(([, { mode }]) => mode.startsWith("100")).map(([path]) => path);
  const seal = stampsOf(repository, sealedPaths);
  return {
    async mountsFor(scratch, folder) {
      const places = await scratchPlaces(scratch, { roots, entries, folder }, context);
      const sealed = roots.filter(({ target }) => !places.some(({ path }) => path === target));
      const readOnly = sealed.map(({ target, source }) => ({ source, target: inCheckout(target), readOnly: true }));
      const writable = places.map(({ path, source }) => ({ source, target: inCheckout(path), readOnly: false }));
      const changedFile = async () =>
        changedStamp(seal, stampsOf(repository, sealedPaths)) ??
        (await changedCopy(places, { repository, paths: sealedPaths.filter(checkContext.isSealed) }));
      return { mounts: [...readOnly, ...writable], changedFile };
    },
  };
}

function inCheckout(path: string): string {
  return path === "" ? checkout : `${checkout}/${path}`;
}

/** Unpacks an archive once per work item. Containers share the folder and can only read it. */
async function unpackOnce(
  { archivePath }: PreparedOutputs,
  work: string,
  { user }: Pick<RunnerContext, "user">,
): Promise<string> {
  const folder = join(work, basename(archivePath, ".tar"));
  if (existsSync(folder)) return folder;
  const partial = join(work, `partial-${randomName()}`);
  mkdirSync(partial, { mode: 0o755 });
  try {
    await unpackPrepared(archivePath, partial, user);
    renameSync(partial, folder);
  } finally {
    await deleteFolder(partial);
  }
  return folder;
}

/** The output folders, each with a mount point in the checkout; null if an output is not a folder or contains files of the tree. */
function mountableOutputs(
  { paths }: PreparedOutputs,
  options: { entries: CheckEntries; repository: string; unpacked: string },
): string[] | null {
  const existing = paths.filter((path) => existsSync(join(options.unpacked, path)));
  if (existing.some((path) => realFolder(options.unpacked, path, "find") === null)) return null;
  for (const path of options.entries.keys())
    if (existing.some((output) => path === output || path.startsWith(`${output}/`))) return null;
  return existing.every((path) => realFolder(options.repository, path, "make") !== null) ? existing : null;
}

/** The folder at `path` below `root`, unless a link is on the way. With "make", missing folders are created. */
function realFolder(root: string, path: string, missing: "find" | "make"): string | null {
  let at = root;
  for (const part of path.split("/")) {
    at = join(at, part);
    const state = lstatSync(at, { throwIfNoEntry: false });
    if (state?.isDirectory()) continue;
    if (state !== undefined || missing === "find") return null;
    mkdirSync(at, { mode: 0o755 });
  }
  return at;
}

interface Place {
  /** The folder's path in the checkout. */
  path: string;
  /** The writable copy on the host. */
  source: string;
}

/** Copies each scratch folder afresh. A path at which the tree has a file or a link stays sealed. */
async function scratchPlaces(
  scratch: readonly string[],
  options: { roots: readonly { target: string; source: string }[]; entries: CheckEntries; folder: string },
  context: Pick<RunnerContext, "user">,
): Promise<Place[]> {
  const places: Place[] = [];
  for (const path of outermost(scratch)) {
    const root = options.roots.findLast(
      ({ target }) => target === "" || path.startsWith(`${target}/`) || path === target,
    );
    if (root === undefined) continue;
    const inner = root.target === "" ? path : path.slice(root.target.length + 1);
    const original = inner === "" ? root.source : realFolder(root.source, inner, "make");
    if (original === null) continue;
    const source = join(options.folder, randomName());
    await makeFolder(source, context.user);
    cpSync(original, source, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
    await handOver([source], context.user);
    places.push({ path, source });
  }
  return places;
}

/** Drops paths that are below another one. */
function outermost(paths: readonly string[]): string[] {
  const unique = [...new Set(paths)].sort();
  return unique.filter((path) => !unique.some((other) => path !== other && path.startsWith(`${other}/`)));
}

type Stamps = ReadonlyMap<string, string>;

/** File data that changes when a file is written, replaced or removed. A process in the container can't set the change time. */
function stampsOf(repository: string, paths: readonly string[]): Stamps {
  const stamp = (state: BigIntStats | undefined) =>
    state === undefined ? "gone" : `${state.ino} ${state.size} ${state.ctimeNs}`;
  return new Map(
    paths.map((path) => [
      path,
      stamp(lstatSync(placeOfPath(repository, path), { bigint: true, throwIfNoEntry: false })),
    ]),
  );
}

function changedStamp(before: Stamps, after: Stamps): string | null {
  for (const [path, stamp] of before) if (after.get(path) !== stamp) return path;
  return null;
}

/** The first of `paths` whose scratch copy differs from the laid-out file. */
async function changedCopy(
  places: readonly Place[],
  options: { repository: string; paths: readonly string[] },
): Promise<string | null> {
  for (const { path: place, source } of places) {
    for (const path of options.paths) {
      if (!path.startsWith(`${place}/`)) continue;
      const before = await readRegular(placeOfPath(options.repository, path), comparedBytesMax);
      const after = await readRegular(placeOfPath(source, path.slice(place.length + 1)), comparedBytesMax);
      if (before === null || after === null || before.sizeBytes !== after.sizeBytes) return path;
      if (!before.bytes.equals(after.bytes)) return path;
    }
  }
  return null;
}
