/**
 * Finds files of the fetch step that a build step changed. A build runs the change's code, which must not alter the packages that its tests use (SECURITY T8,
 * T25). The lists are made in containers after the build and only compared here.
 */
import { join, posix } from "node:path";
import { readRegular } from "@aedev/host/nofollow-read";
import { z } from "zod";

/** Lists with more paths than this, or longer ones, are not compared. */
const pathsMax = 20_000;
const listBytesMax = 128 * 1024 * 1024;

/** A build's changes in outputs that existed before it. Paths are relative to the checkout. */
export const buildWritesSchema = z.strictObject({
  /** Added and altered files with their digest, and removed ones with `gone`, outside `folders`. */
  files: z.record(z.string(), z.string()),
  /** The outermost folders that the build made. */
  folders: z.array(z.string()),
  /** False if not everything could be listed. */
  whole: z.boolean(),
});
export type BuildWrites = z.infer<typeof buildWritesSchema>;

/** Stands for all files that could not be compared. */
const unknownPath = "(not all files could be compared)";

/** Shell text that lists files with their SHA-256 and links with their targets, as `<folder>/<name>.files` and `.links`. `outputs` are quoted. */
export function listScript(outputs: string, target: string): string {
  const existing = `for output in ${outputs}; do if [ -e "./$output" ]; then find "./$output"`;
  return `{ ${existing} -type f -print0; fi; done; } | xargs -0 -r sha256sum -z -- >${target}.files &&
{ ${existing} -type l -printf '%p\\0%l\\0'; fi; done; } >${target}.links`;
}

/** The digest or target of each path; null if the list is not whole. */
export async function readListing(folder: string, name: string): Promise<Map<string, string> | null> {
  const [files, links] = await Promise.all([
    readRegular(join(folder, `${name}.files`), listBytesMax),
    readRegular(join(folder, `${name}.links`), listBytesMax),
  ]);
  if (files === null || links === null || Math.max(files.sizeBytes, links.sizeBytes) > listBytesMax) return null;
  const found = new Map<string, string>();
  for (const line of files.bytes.toString("utf8").split("\0").slice(0, -1)) {
    const [, digest, path] = /^\\?([0-9a-f]{64}) [ *]([\s\S]+)$/u.exec(line) ?? [];
    if (digest === undefined || path === undefined) return null;
    found.set(plain(path), digest);
  }
  const parts = links.bytes.toString("utf8").split("\0").slice(0, -1);
  for (let index = 0; index + 1 < parts.length; index += 2)
    found.set(plain(parts[index] ?? ""), `link ${parts[index + 1]}`);
  return found;
}

function plain(path: string): string {
  return path.replace(/^\.\//u, "");
}

/** Compares the lists from before and after a build. Python's bytecode is compared file by file; other folders that a build makes are not. */
export function buildWrites(
  before: ReadonlyMap<string, string> | null,
  after: ReadonlyMap<string, string> | null,
  outputs: readonly string[],
): BuildWrites {
  if (before === null || after === null) return { files: {}, folders: [], whole: false };
  const isFetched = fetchedPlaces([...before.keys()], outputs);
  // An output exists before the build, even if it is empty.
  const known = new Set([...before.keys(), ...outputs.map((output) => `${output}/.`)].flatMap(foldersOf));
  const folders = new Set<string>();
  const files: Record<string, string> = Object.create(null);
  for (const [path, digest] of after) {
    if (before.get(path) === digest || !isFetched(path)) continue;
    const isFree = !before.has(path) && !path.includes("__pycache__/");
    const made = isFree ? foldersOf(path).find((folder) => !known.has(folder)) : undefined;
    if (made === undefined) files[path] = digest;
    else folders.add(made);
  }
  for (const path of before.keys()) if (!after.has(path)) files[path] = "gone";
  const whole = Object.keys(files).length <= pathsMax && folders.size <= pathsMax;
  return whole ? { files: { ...files }, folders: [...folders].sort(), whole } : { files: {}, folders: [], whole };
}

/** Tells where packages are looked up: in outputs that had files, in all outputs of the same name, and below any folder `node_modules`. */
function fetchedPlaces(before: readonly string[], outputs: readonly string[]): (path: string) => boolean {
  const filled = outputs.filter((output) => before.some((path) => isIn(path, output)));
  const names = new Set(filled.map((output) => posix.basename(output)));
  const fetched = outputs.filter((output) => filled.includes(output) || names.has(posix.basename(output)));
  return (path) => path.split("/").includes("node_modules") || fetched.some((output) => isIn(path, output));
}

/**
 * Changes by the change's build that the base's build did not make with the same content, sorted. A folder that both builds make, such as a cache, may have any
 * content. Null stands for a build that had nothing to alter.
 */
export function strayWrites(ofChange: BuildWrites | null, ofBase: BuildWrites | null): string[] {
  if (ofChange === null) return [];
  const base = ofBase ?? { files: {}, folders: [], whole: true };
  if (!ofChange.whole || !base.whole) return [unknownPath];
  const made = new Set(base.folders);
  const isMade = (path: string) => made.has(path) || foldersOf(path).some((folder) => made.has(folder));
  return [
    ...Object.entries(ofChange.files)
      .filter(([path, digest]) => !isMade(path) && !(Object.hasOwn(base.files, path) && base.files[path] === digest))
      .map(([path]) => path),
    ...ofChange.folders.filter((folder) => !isMade(folder)).map((folder) => `${folder}/`),
  ].sort();
}

function isIn(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

/** The folders above a path, outermost first. */
function foldersOf(path: string): string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}
