/** Tells which files of a base are instructions that a coder is given; it finds other files itself. */
import type { TreeEntry } from "./objects.ts";

/** Matches the paths of instruction files, or of links in their place. */
export const instructionFile = /^(CLAUDE\.md|AGENTS\.md|\.agent\/[^/]+\.md)$/;
const instructionFilesMax = 20;
const linkMode = "120000";

/** The paths of the instruction files in a tree. */
export function instructionPaths(entries: readonly TreeEntry[]): string[] {
  const paths = entries
    .filter(({ path, mode }) => instructionFile.test(path) && mode !== "160000")
    .map(({ path }) => path);
  // A folder of instructions that is a link has no paths below it in the listing.
  const isLinked = entries.some(({ path, mode }) => path === ".agent" && mode === linkMode);
  return [...paths.slice(0, instructionFilesMax), ...(isLinked ? [".agent"] : [])];
}
