/**
 * Finds the lines that a change added to a file or rewrote. Reads only our own git objects.
 *
 * Folder: which lines of a file a change added or rewrote.
 */
import { patchLines, readHunkHeader } from "@aedev/host/patch/read-patch";
import type { Objects } from "../../tree/check-tree.ts";

const site = "runner/checks/changed-code/changed-ranges";

/** Lines of the blob `after` that `before` does not have. `isPython`: indentation has meaning. */
export async function changedRanges(
  { git, gitDir }: Objects,
  { before, after, isPython }: { before: string; after: string; isPython: boolean },
): Promise<{ first: number; last: number }[]> {
  const diff = ["diff", "--no-ext-diff", "--no-textconv", "--no-color", "--text", "--unified=0", before, after];
  return rangesOf((await git(site, diff, { gitDir })).stdout.toString("utf8"), isPython);
}

interface Line {
  readonly text: string;
  readonly number: number;
}

/** The new side of each hunk of a diff without context, without lines of which only the indentation changed. A hunk that only deletes has none. */
export function rangesOf(text: string, isPython = false): { first: number; last: number }[] {
  const hunks: { removed: string[]; added: Line[] }[] = [];
  for (const { text: line, oldLine, newLine } of patchLines(text)) {
    if (oldLine === null && newLine === null && readHunkHeader(line) !== null) hunks.push({ removed: [], added: [] });
    else if (newLine !== null) hunks.at(-1)?.added.push({ text: line.slice(1), number: newLine });
    else if (oldLine !== null) hunks.at(-1)?.removed.push(line.slice(1));
  }
  const lines = hunks.flatMap((hunk) => newLines(hunk, isPython));
  const found: { first: number; last: number }[] = [];
  for (const line of lines) {
    const last = found.at(-1);
    if (last?.last === line - 1) last.last = line;
    else found.push({ first: line, last: line });
  }
  return found;
}

/**
 * Each removed line stands for one added line with the same text but for its indentation, in their order. Such a line is the base's own in a new block, whose
 * opening line is measured, and where nothing is lost. What leaves a block is changed: it runs where it did not. In Python only a new block leaves it the same.
 */
function newLines(
  { removed, added }: { removed: readonly string[]; added: readonly Line[] },
  isPython: boolean,
): number[] {
  let from = 0;
  const placesOf = new Map<string, number[]>();
  for (const [at, line] of [...removed.entries()].toReversed()) {
    const known = placesOf.get(line.trim());
    if (known === undefined) placesOf.set(line.trim(), [at]);
    else known.push(at);
  }
  const pairs = added.map((line) => {
    const trimmed = line.text.trim();
    const places = trimmed === "" ? [] : (placesOf.get(trimmed) ?? []);
    // Each place is passed once, so that a long hunk costs no more than its length.
    while (places.length > 0 && (places.at(-1) ?? 0) < from) places.pop();
    const at = places.pop() ?? -1;
    if (at !== -1) from = at + 1;
    return { ...line, trimmed, before: removed[at] };
  });
  const kept = pairs.filter(({ before }) => before !== undefined).length;
  const isNothingLost = !isPython && kept === removed.filter((line) => line.trim() !== "").length;
  let opensBlock = false;
  return pairs.flatMap(({ text, number, trimmed, before }) => {
    opensBlock ||= before === undefined && (isPython ? trimmed.endsWith(":") : trimmed !== "");
    const isDeeper = before !== undefined && indentOf(text) > indentOf(before);
    return before !== undefined && (isNothingLost || (opensBlock && isDeeper)) ? [] : [number];
  });
}

const indentOf = (line: string) => line.length - line.trimStart().length;
