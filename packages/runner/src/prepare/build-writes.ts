/**
 * Finds what a build step wrote among the files that the fetch step had left: a build runs the change's code, and must not alter the packages that its
 * tests run with (SECURITY T8, T25). The lists are made in containers, where the build is over; here they are only compared.
 */
import { join, posix } from "node:path";
import { readRegular } from "@aedev/host/nofollow-read";
import { z } from "zod";

/** More paths than these, or a longer list, are not compared. */
const pathsMax = 20_000;
const listBytesMax = 128 * 1024 * 1024;

/** What a build wrote in outputs that were there before it. Paths are relative to the checkout. */
export const buildWritesSchema = z.strictObject({
  /** Added and altered files with their digest, removed ones with `gone`; without those in `folders`. */
  files: z.record(z.string(), z.string()),
  /** Outermost folders that the build made. */
  folders: z.array(z.string()),
  /** False if not everything could be listed. */
  whole: z.boolean(),
});
export type BuildWrites = z.infer<typeof buildWritesSchema>;

/** Stands for everything that could not be compared. */
const unknownPath = "(not all files could be compared)";

/**
 * Shell text that lists the files of the outputs with their SHA-256, and the links with their targets, into `<folder>/<name>.files` and `.links`.
 * `outputs`: quoted for the shell.
 */
export function listScript(outputs: string, target: string): string {
  const existing = `for output in ${outputs}; do if [ -e "./$output" ]; then find "./$output"`;
  return `{ ${existing} -type f -print0; fi; done; } | xargs -0 -r sha256sum -z -- >${target}.files &&
{ ${existing} -type l -printf '%p\\0%l\\0'; fi; done; } >${target}.links`;
}

/** The digest or target of each path; null if there is no whole list. */
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

/** Compares the lists from before and after a build. Bytecode of Python is listed file by file, because a folder of it may have any content. */
export function buildWrites(
  before: ReadonlyMap<string, string> | null,
  after: ReadonlyMap<string, string> | null,
  outputs: readonly string[],
): BuildWrites {
  if (before === null || after === null) return { files: {}, folders: [], whole: false };
  const isFetched = fetchedPlaces([...before.keys()], outputs);
  // What a build makes is named below its output, however empty that was.
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

/**
 * Where packages are looked up: outputs that had files, every output of the same name (a workspace's packages have empty ones), and everything below
 * a folder `node_modules`.
 */
function fetchedPlaces(before: readonly string[], outputs: readonly string[]): (path: string) => boolean {
  const filled = outputs.filter((output) => before.some((path) => isIn(path, output)));
  const names = new Set(filled.map((output) => posix.basename(output)));
  const fetched = outputs.filter((output) => filled.includes(output) || names.has(posix.basename(output)));
  return (path) => path.split("/").includes("node_modules") || fetched.some((output) => isIn(path, output));
}

/**
 * What the change's build wrote where the base's does not, or with another content, sorted. A folder that both builds make, such as a cache, may have
 * any content. Null stands for a build that had nothing to alter.
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

/** The folders that a path is in, outermost first. */
function foldersOf(path: string): string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}
