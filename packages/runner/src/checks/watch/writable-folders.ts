/** Finds, from failed writes in a sealed checkout, the folders that its tests need to write to, and files that can't be made writable. Pure. */
import { posix } from "node:path";

const foldersMax = 16;
const filesMax = 16;

/** `refused`: paths in the checkout; a folder that could not be made ends in `/`. The checkout itself is never writable, so files in it have no folder. */
export function writableFolders(refused: readonly string[]): string[] {
  const folders = refused.map((path) => (path.endsWith("/") ? path.slice(0, -1) : posix.dirname(path)));
  const inside = [...new Set(folders)].filter((folder) => folder !== "." && folder !== "").toSorted();
  const outermost = inside.filter((folder) => !inside.some((other) => folder.startsWith(`${other}/`)));
  const few = outermost.length <= foldersMax ? outermost : outermost.map((folder) => folder.split("/")[0] ?? folder);
  return [...new Set(few)].slice(0, foldersMax);
}

/** Files at the top that could not be written, if they have ordinary names. */
export function refusedAtTop(refused: readonly string[]): string[] {
  return refused.filter((path) => /^[\w.@+-]{1,100}$/u.test(path)).slice(0, filesMax);
}
