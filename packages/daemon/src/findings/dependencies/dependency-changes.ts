/**
 * Lists the dependencies that a change adds, alters or removes, and marks those that need approval (SECURITY T17, T31): signs of a supply-chain attack, a new
 * package, a lockfile that changes without its manifest. It reads npm's manifests and lockfiles and pip's requirement files. A change to any other known format
 * needs approval, except descriptions of the project in Cargo.toml and pyproject.toml.
 *
 * Folder: changed dependencies, and those that need approval.
 */
import { counted, type DependencyChanges } from "@aedev/contracts";
import { matchesGlob } from "@aedev/host/globs";
import { comparablePath } from "@aedev/host/path-names";
import { lockNames, requirementGlobs, unreadFormats } from "./formats.ts";
import { compareLockfiles } from "./npm-lockfile.ts";
import { compareManifests } from "./npm-manifest.ts";
import { compareRequirements } from "./requirements.ts";
import { onlyDescribes } from "./toml-manifest.ts";

/** Both versions of a file as text, equal if it did not change; null if the file is absent or not text on that side. */
export interface DependencyFile {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}
export type DependencyChange = DependencyChanges["changes"][number];

const changesMax = 2000;
const unreadGlobs = Object.values(unreadFormats).flat();

/** The other files that `deriveDependencyChanges` needs, changed or not: a lockfile's manifest and a manifest's lockfiles. */
export function dependencySiblings(changedPaths: readonly string[]): string[] {
  const siblings = changedPaths.flatMap((path) => {
    const [folder, name] = splitPath(path);
    if (lockNames.includes(name)) return [`${folder}package.json`];
    if (isRequirements(path)) return [sourceOf(path)];
    return name === "package.json" ? lockNames.map((lock) => `${folder}${lock}`) : [];
  });
  return [...new Set(siblings)].filter((path) => !changedPaths.includes(path));
}

/** Contract: never throws; an unreadable file is suspicious, and a truncated list says so in an entry that needs approval. */
export function deriveDependencyChanges(files: readonly DependencyFile[]): DependencyChanges {
  const changes = files.flatMap((file) => changesOf(file, files));
  const distinct = [...new Map(changes.map((change) => [JSON.stringify(change), change])).values()];
  if (distinct.length <= changesMax) return { changes: distinct };
  const kept = distinct
    .toSorted((one, other) => Number(other.suspicious !== null) - Number(one.suspicious !== null))
    .slice(0, changesMax - 1);
  const rest = `${counted(distinct.length - kept.length, "more change")} not listed`;
  return { changes: [...kept, { file: "*", name: "*", from: null, to: null, suspicious: rest }] };
}

function changesOf(file: DependencyFile, files: readonly DependencyFile[]): DependencyChange[] {
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
  if (isRequirements(file.path))
    return compareRequirements(file, files.find(({ path }) => path === sourceOf(file.path)) ?? null);
  const misspelt = [...lockNames, "package.json"].includes(splitPath(comparablePath(file.path))[1]);
  if (!misspelt && !matchesGlob(file.path, unreadGlobs)) return [];
  if (onlyDescribes(name, file.before, file.after)) return [];
  return [{ file: file.path, name: "*", from: null, to: null, suspicious: "aedev does not read this format" }];
}

/** A lockfile at the root of a workspace also locks the manifests below its folder. */
function isManifestIn(folder: string, path: string): boolean {
  return path.startsWith(folder) && splitPath(path)[1] === "package.json";
}

const isRequirements = (path: string) => matchesGlob(path, requirementGlobs);
const sourceOf = (path: string) => path.replace(/\.[^./]*$/, ".in");

function splitPath(path: string): [folder: string, name: string] {
  const at = path.lastIndexOf("/") + 1;
  return [path.slice(0, at), path.slice(at)];
}
