/**
 * Lists the dependencies that a change adds, alters or removes, and marks those that need approval (SECURITY T17, T31): signs of a supply-chain attack, a new
 * package, a lockfile that changes without its manifest. A change to a format that no reader knows needs approval, and descriptions of the project in
 * Cargo.toml and pyproject.toml need none.
 *
 * Folder: changed dependencies, and those that need approval.
 */
import { counted, type DependencyChanges } from "@aedev/contracts";
import { matchesGlob } from "@aedev/host/globs";
import { comparablePath } from "@aedev/host/path-names";
import type { FileComparison } from "./compare-readings.ts";
import { lockNames, unreadFormats } from "./formats.ts";
import { compareLockfiles } from "./npm-lockfile.ts";
import { compareManifests } from "./npm-manifest.ts";
import { companionsOf, isRequirements, readNames } from "./readers/file-names.ts";
import { onlyDescribes } from "./toml-manifest.ts";

/** Both versions of a file as text, equal if it did not change; null if the file is absent or not text on that side. */
export interface DependencyFile {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}
export type DependencyChange = DependencyChanges["changes"][number];

const changesMax = 2000;
const alone = { name: "*", from: null, to: null, suspicious: "the lockfile changed without its manifest" };
const unreadGlobs = Object.values(unreadFormats).flat();

/** The other files that `deriveDependencyChanges` needs, changed or not: a lockfile's manifest and a manifest's lockfiles, which may be in a folder above. */
export function dependencySiblings(changedPaths: readonly string[]): string[] {
  const siblings = changedPaths.flatMap((path) => {
    const [folder] = splitPath(path);
    if (isRequirements(path)) return [sourceOf(path)];
    const { manifests, lockfiles } = companionsOf(path);
    const above = foldersAbove(folder);
    const settings = [...manifests, ...lockfiles].length === 0 ? [] : [...new Set([".npmrc", `${folder}.npmrc`])];
    return [
      ...(path.endsWith(".json") || path.endsWith(".yaml") || path.endsWith("yarn.lock") ? settings : []),
      ...manifests.map((name) => folder + name),
      ...above.flatMap((one) => lockfiles.map((name) => one + name)),
    ];
  });
  return [...new Set(siblings)].filter((path) => !changedPaths.includes(path));
}

function foldersAbove(folder: string): string[] {
  const parts = folder.split("/").slice(0, -1);
  return [...parts.keys(), parts.length].map((count) =>
    parts
      .slice(0, count)
      .map((part) => `${part}/`)
      .join(""),
  );
}

/**
 * `comparisons`: of the files that a reader could read, by path. Contract: never throws; an unreadable file is suspicious, and a truncated list says
 * so in an entry that needs approval.
 */
export function deriveDependencyChanges(
  files: readonly DependencyFile[],
  comparisons: ReadonlyMap<string, FileComparison> = new Map(),
): DependencyChanges {
  const changes = files.flatMap((file) => [
    ...changesOf(file, files, comparisons),
    ...(file.before === file.after ? [] : followingProblems(file.path, { files, comparisons })),
  ]);
  const distinct = [...new Map(changes.map((change) => [JSON.stringify(change), change])).values()];
  if (distinct.length <= changesMax) return { changes: distinct };
  const kept = distinct
    .toSorted((one, other) => Number(other.suspicious !== null) - Number(one.suspicious !== null))
    .slice(0, changesMax - 1);
  const rest = `${counted(distinct.length - kept.length, "more change")} not listed`;
  return { changes: [...kept, { file: "*", name: "*", from: null, to: null, suspicious: rest }] };
}

/** A lockfile may change only if a manifest at or below its folder asks for another version, and a package that a manifest names may only move with its own range. */
function followingProblems(file: string, all: Parameters<typeof manifestsOf>[1]): DependencyChange[] {
  const lock = all.comparisons.get(file);
  if (lock?.role !== "lockfile" || lockNames.includes(splitPath(file)[1])) return [];
  const manifests = manifestsOf(file, all);
  const changed = new Set(manifests.flatMap((manifest) => manifest.changed));
  const kept = new Set(manifests.flatMap((manifest) => manifest.kept).filter((name) => !changed.has(name)));
  if (changed.size === 0) return [{ file, ...alone }];
  return lock.moves.flatMap(({ name, from, to }) =>
    kept.has(name) && from !== to ? [{ file, name, from, to, suspicious: "moved without its specifier" }] : [],
  );
}

/** The read manifests whose packages a lockfile fixes. */
export function manifestsOf(
  lockfile: string,
  { files, comparisons }: { files: readonly DependencyFile[]; comparisons: ReadonlyMap<string, FileComparison> },
): FileComparison[] {
  return [...comparisons].flatMap(([path, one]) =>
    one.role === "manifest" && lockfilesOf(path, files).includes(lockfile) ? [one] : [],
  );
}

/** The lockfiles, changed or not, that fix the versions of a manifest's packages: those of the nearest folder that has any. */
export function lockfilesOf(manifest: string, files: readonly DependencyFile[]): string[] {
  const { lockfiles } = companionsOf(manifest);
  const there = files.filter(({ before, after }) => (before ?? after) !== null).map(({ path }) => path);
  const folders = foldersAbove(splitPath(manifest)[0]).map((folder) =>
    there.filter((path) => lockfiles.some((name) => path === folder + name)),
  );
  return folders.findLast((found) => found.length > 0) ?? [];
}

function changesOf(
  file: DependencyFile,
  files: readonly DependencyFile[],
  comparisons: ReadonlyMap<string, FileComparison>,
): DependencyChange[] {
  const [folder, name] = splitPath(file.path);
  const changed = file.before !== file.after;
  if (name === "package.json") return changed ? compareManifests(file) : [];
  if (lockNames.includes(name)) {
    return compareLockfiles(
      file,
      files.filter(({ path }) => isManifestIn(folder, path)),
    );
  }
  if (!changed) return [];
  const comparison = comparisons.get(file.path);
  if (onlyDescribes(name, file.before, file.after)) return [];
  if (comparison !== undefined) {
    const all = [...comparison.changes, ...(isCompiledAlone(file.path, files) ? [alone] : [])];
    return comparison.changes.length === 0 ? [] : all.map((change) => ({ file: file.path, ...change }));
  }
  const isRead =
    isRequirements(file.path) ||
    readNames.some((one) => comparablePath(one) === splitPath(comparablePath(file.path))[1]);
  if (!isRead && !matchesGlob(file.path, unreadGlobs)) return [];
  return [{ file: file.path, name: "*", from: null, to: null, suspicious: "aedev does not read this format" }];
}

/** A lockfile at the root of a workspace also locks the manifests below its folder. */
function isManifestIn(folder: string, path: string): boolean {
  return path.startsWith(folder) && splitPath(path)[1] === "package.json";
}

/** Whether pip's file changes without the `.in` file beside it, from which it may be compiled. */
function isCompiledAlone(path: string, files: readonly DependencyFile[]): boolean {
  const source = isRequirements(path) ? files.find((one) => one.path === sourceOf(path)) : undefined;
  return source !== undefined && source.before !== null && source.before === source.after;
}

const sourceOf = (path: string) => path.replace(/\.[^./]*$/, ".in");

function splitPath(path: string): [folder: string, name: string] {
  const at = path.lastIndexOf("/") + 1;
  return [path.slice(0, at), path.slice(at)];
}
