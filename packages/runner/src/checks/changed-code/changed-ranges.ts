/**
 * Finds the lines that a change added to a file or rewrote. Reads only our own git objects.
 *
 * Folder: which lines of a file a change added or rewrote.
 */
import { patchLines, readHunkHeader } from "@aedev/host/patch/read-patch";
import type { Objects } from "../../tree/check-tree.ts";

/** Lines of the blob `after` that `before` does not have. */
export async function changedRanges(
  { git, gitDir }: Objects,
  before: string,
  after: string,
): Promise<{ first: number; last: number }[]> {
  const diff = ["diff", "--no-ext-diff", "--no-textconv", "--no-color", "--text", "--unified=0", before, after];
  return rangesOf((await git(diff, { gitDir })).stdout.toString("utf8"));
}

/** The new side of each hunk of a diff without context; a hunk that only deletes has none. */
export function rangesOf(text: string): { first: number; last: number }[] {
  return [...patchLines(text)].flatMap(({ text: line, oldLine, newLine }) => {
    const hunk = oldLine === null && newLine === null ? readHunkHeader(line) : null;
    return hunk === null || hunk.newLines === 0
      ? []
      : [{ first: hunk.newStart, last: hunk.newStart + hunk.newLines - 1 }];
  });
}
