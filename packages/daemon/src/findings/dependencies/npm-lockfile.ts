/**
 * Compares two versions of package-lock.json or npm-shrinkwrap.json entry by entry, and the lockfile with its manifests: it may change only with
 * one of them. It does not repeat what npm checks at install time (ranges, tarball hashes).
 */
import { isDeepStrictEqual } from "node:util";
import type { DependencyChange, DependencyFile } from "./dependency-changes.ts";
import { newPackage } from "./formats.ts";
import { type JsonObject, objectAt, parseJsonObject, textAt } from "./json-object.ts";
import { dependencySections } from "./readers/reading.ts";

/** One installed package, from `packages` (versions 2 and 3) or the nested `dependencies` (version 1; version 2 keeps it for old clients). */
interface LockEntry {
  readonly name: string;
  readonly entry: JsonObject;
  readonly nested: boolean;
}

/** `manifests`: the package.json beside the lockfile and, in a workspace, those below it; unchanged ones below it may be missing. */
export function compareLockfiles(file: DependencyFile, manifests: readonly DependencyFile[]): DependencyChange[] {
  const manifest = manifests.find(({ path }) => path === `${folderOf(file.path)}package.json`) ?? null;
  if (file.after === null) return file.before === null ? [] : [suspicion(file.path, "the lockfile was removed")];
  const [old, young] = [parseJsonObject(file.before), parseJsonObject(file.after)];
  if (young === null || old === null) return [suspicion(file.path, "not a JSON object")];
  return [
    ...(file.before === file.after ? [] : compareEntries(file.path, old, young)),
    ...(file.before === file.after ? [] : compareWithSpecifiers(file.path, [old, young], manifests)),
    ...(manifest === null ? [] : compareWithManifest(file, young, manifest)),
  ];
}

function compareEntries(file: string, old: JsonObject, young: JsonObject): DependencyChange[] {
  const [oldEntries, youngEntries] = [entriesOf(old), entriesOf(young)];
  const known = knownSources(oldEntries);
  const names = new Set([...oldEntries.values()].map(({ name }) => name));
  const keys = [...new Set([...oldEntries.keys(), ...youngEntries.keys()])];
  return keys.flatMap((key) => {
    const [before, after] = [oldEntries.get(key), youngEntries.get(key)];
    if (isDeepStrictEqual(before, after)) return [];
    const name = (after ?? before)?.name ?? key;
    const [from, to] = [versionOf(before), versionOf(after)];
    const isNew = after !== undefined && !names.has(name);
    const problems =
      after === undefined ? [] : [...(isNew ? [newPackage] : []), ...entryProblems(after, before, known)];
    if (from === to && problems.length === 0) return [];
    return [{ file, name, from, to, suspicious: problems.length === 0 ? null : problems.join("; ") }];
  });
}

/** Origins that the base's lockfile already uses; any other origin is new. True if all its addresses have npm's layout. */
function knownSources(entries: ReadonlyMap<string, LockEntry>): ReadonlyMap<string, boolean> {
  const known = new Map<string, boolean>();
  for (const { entry } of entries.values()) {
    const origin = originOf(entry);
    if (origin !== null)
      known.set(origin, (known.get(origin) ?? true) && hasNpmLayout(textAt(entry, "resolved") ?? ""));
  }
  return known;
}

function entryProblems(after: LockEntry, before: LockEntry | undefined, known: ReadonlyMap<string, boolean>): string[] {
  const { name, entry, nested } = after;
  const problems: string[] = [];
  const [resolved, integrity] = [textAt(entry, "resolved"), textAt(entry, "integrity")];
  if (entry.hasInstallScript === true && before?.entry.hasInstallScript !== true) problems.push("install scripts");
  if (entry.link === true) return [...problems, "link to a folder"];
  if (entry.inBundle === true || entry.bundled === true) return [...problems, "bundled inside another package"];
  if (textAt(entry, "name") !== null && textAt(entry, "name") !== name) problems.push("alias of another package");
  const origin = originOf(entry);
  // A lockfile may leave out all addresses: npm then asks the configured registry.
  const isLeftOut = entry.resolved === undefined && known.size === 0 && before?.entry.resolved === undefined;
  if (resolved === null || origin === null) problems.push(...(before && isLeftOut ? [] : ["no source in a registry"]));
  else if (!known.has(origin)) problems.push(`new source ${origin}`);
  else if ((known.get(origin) || hasNpmLayout(resolved)) && !namesTarball(resolved, name, textAt(entry, "version")))
    problems.push("source is another package's");
  if (integrity === null) problems.push("missing integrity");
  else if (!/^sha(512|384|256)-/.test(integrity)) problems.push("weak integrity");
  if (before === undefined) return nested && problems.length > 0 ? [...problems, "install scripts unknown"] : problems;
  const sameVersion = textAt(before.entry, "version") === textAt(entry, "version");
  if (sameVersion && textAt(before.entry, "integrity") !== integrity)
    problems.push("different integrity hash for the same version");
  if (originOf(before.entry) !== origin) problems.push("changed source");
  return problems;
}

/** Most registries name a tarball `<package>/-/<base name>-<version>.tgz`; an origin whose base entries use another layout is not held to it. */
function hasNpmLayout(resolved: string): boolean {
  return URL.parse(resolved)?.pathname.includes("/-/") === true;
}

function namesTarball(resolved: string, name: string, version: string | null): boolean {
  const path = URL.parse(resolved)?.pathname ?? "";
  const baseName = name.slice(name.lastIndexOf("/") + 1);
  return decodeURIComponent(path).endsWith(`/${name}/-/${baseName}-${version}.tgz`);
}

function originOf(entry: JsonObject): string | null {
  const url = URL.parse(textAt(entry, "resolved") ?? "");
  return url !== null && url.protocol === "https:" && url.username === "" ? url.origin : null;
}

function versionOf(entry: LockEntry | undefined): string | null {
  return entry === undefined ? null : (textAt(entry.entry, "version") ?? textAt(entry.entry, "resolved") ?? "?");
}

/** Entries by a key that is unique in the lockfile. The root and workspace folders are left out: they are the repository's own. */
function entriesOf(lock: JsonObject): Map<string, LockEntry> {
  const entries = new Map<string, LockEntry>();
  const packages = objectAt(lock, "packages");
  for (const key of Object.keys(packages)) {
    const at = key.lastIndexOf("node_modules/");
    if (at < 0) continue;
    entries.set(key, { name: key.slice(at + "node_modules/".length), entry: objectAt(packages, key), nested: false });
  }
  const waiting: [key: string, object: JsonObject][] = [["", lock]];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const dependencies = objectAt(next[1], "dependencies");
    for (const name of Object.keys(dependencies)) {
      const [key, entry] = [`${next[0]} > ${name}`, objectAt(dependencies, name)];
      entries.set(key, { name, entry, nested: true });
      waiting.push([key, entry]);
    }
  }
  return entries;
}

/** The lockfile repeats its manifest's sections under `packages[""]`; if they differ, it was not generated from that manifest. Only a difference that this change introduced counts. */
function compareWithManifest(file: DependencyFile, young: JsonObject, manifest: DependencyFile): DependencyChange[] {
  if (follows(young, manifest.after)) return [];
  const old = parseJsonObject(file.before);
  const wasSo = file.before !== null && old !== null && !follows(old, manifest.before);
  const untouched = file.before === file.after && manifest.before === manifest.after;
  if (untouched || (wasSo && file.before === file.after && sameSections(manifest))) return [];
  return [suspicion(file.path, "the lockfile does not match the manifest")];
}

function follows(lock: JsonObject, manifestText: string | null): boolean {
  const manifest = parseJsonObject(manifestText);
  if (manifest === null || manifestText === null) return false;
  const packages = objectAt(lock, "packages");
  if (Object.hasOwn(packages, "")) {
    const root = objectAt(packages, "");
    return dependencySections.every((section) =>
      isDeepStrictEqual(objectAt(root, section), objectAt(manifest, section)),
    );
  }
  const locked = Object.keys(objectAt(lock, "dependencies"));
  const asked = [objectAt(manifest, "dependencies"), objectAt(manifest, "devDependencies")].flatMap(Object.keys);
  return asked.every((name) => locked.includes(name));
}

/**
 * A lockfile may change only if a manifest's dependencies do, and a direct dependency may only move if its own specifier changed. Which
 * packages a changed dependency needs is not compared: the lockfile itself says so, and it is the candidate's.
 */
function compareWithSpecifiers(
  file: string,
  [old, young]: readonly [JsonObject, JsonObject],
  manifests: readonly DependencyFile[],
): DependencyChange[] {
  const locked = manifests.filter(({ path }) => isLocked(old, folderOf(path).slice(folderOf(file).length)));
  if (locked.every(sameSections)) return [suspicion(file, "the lockfile changed without its manifest")];
  const specifiers = locked.flatMap(specifiersOf);
  const changed = new Set(specifiers.filter(({ isKept }) => !isKept).map(({ name }) => name));
  const kept = new Set(specifiers.filter(({ name }) => !changed.has(name)).map(({ name }) => name));
  const [oldEntries, youngEntries] = [entriesOf(old), entriesOf(young)];
  return [...youngEntries].flatMap(([key, entry]) => {
    const before = oldEntries.get(key);
    const isDirect = key === `node_modules/${entry.name}` || key === ` > ${entry.name}`;
    if (!isDirect || !kept.has(entry.name) || before === undefined) return [];
    const [from, to] = [versionOf(before), versionOf(entry)];
    return from === to ? [] : [{ file, name: entry.name, from, to, suspicious: "moved without its specifier" }];
  });
}

/** `folder`: a manifest's folder as seen from the lockfile's. A lockfile locks its own and its workspace's members. */
function isLocked(lock: JsonObject, folder: string): boolean {
  return folder === "" || Object.hasOwn(objectAt(lock, "packages"), folder.slice(0, -1));
}

function specifiersOf({ before, after }: DependencyFile): { name: string; isKept: boolean }[] {
  const [old, young] = [parseJsonObject(before), parseJsonObject(after)];
  if (old === null || young === null) return [];
  return dependencySections.flatMap((section) => {
    const [was, is] = [objectAt(old, section), objectAt(young, section)];
    return Object.keys(is).map((name) => ({ name, isKept: isDeepStrictEqual(was[name], is[name]) }));
  });
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}

function sameSections({ before, after }: DependencyFile): boolean {
  const [old, young] = [parseJsonObject(before), parseJsonObject(after)];
  if (old === null || young === null) return false;
  return dependencySections.every((section) => isDeepStrictEqual(objectAt(old, section), objectAt(young, section)));
}

function suspicion(file: string, why: string): DependencyChange {
  return { file, name: "*", from: null, to: null, suspicious: why };
}
