/**
 * Finds the lines of a file that a change added or rewrote. A line that was only indented is left out if the file can be parsed and shows that the line means
 * the same. Reads only our own git objects.
 *
 * Folder: which lines of a file a change added or rewrote.
 */
import { fileURLToPath } from "node:url";
import { runBoundedChild } from "@aedev/host/bounded-child";
import { parseJson } from "@aedev/host/parse-json";
import { patchLines, readHunkHeader } from "@aedev/host/patch/read-patch";
import type { LinePlace } from "@aedev/languages/shared/line-places";
import { z } from "zod";
import { type Objects, readBlobsTogether } from "../../tree/check-tree.ts";

const site = "runner/checks/changed-code/changed-ranges";
const childBounds = { timeoutMs: 20_000, memoryMegabytes: 512, answerBytesMax: 64 * 1024 * 1024 };
/** Total size of the files with re-indented lines. Beyond it, re-indented lines count as changed. */
const textBytesMax = 16 * 1024 * 1024;

const placesSchema = z
  .array(z.tuple([z.int()], z.int()))
  .transform((lines) => lines.map(([isText, ...within]): LinePlace => ({ within, isText: isText === 1 })));

/** Two blobs. `grammar`: a path whose ending names the language; null if it can't be parsed. */
export interface TwoVersions {
  readonly before: string;
  readonly after: string;
  readonly grammar: string | null;
}

export interface Range {
  first: number;
  last: number;
}

/** The places of both versions' lines. */
interface Places {
  readonly before: readonly LinePlace[];
  readonly after: readonly LinePlace[];
}

/** For each file, the lines of `after` that `before` does not have. */
export async function changedRanges(objects: Objects, files: readonly TwoVersions[]): Promise<Range[][]> {
  const { git, gitDir } = objects;
  const diffs: string[] = [];
  for (const { before, after } of files) {
    const diff = ["diff", "--no-ext-diff", "--no-textconv", "--no-color", "--text", "--unified=0", before, after];
    diffs.push((await git(site, diff, { gitDir })).stdout.toString("utf8"));
  }
  const unsure = files.filter(({ grammar }, index) => grammar !== null && hasPairs(diffs[index] ?? ""));
  const places = await placesOf(objects, unsure);
  return files.map((file, index) => rangesOf(diffs[index] ?? "", places.get(file)));
}

async function placesOf(objects: Objects, files: readonly TwoVersions[]): Promise<Map<TwoVersions, Places>> {
  if (files.length === 0) return new Map();
  const ids = files.flatMap(({ before, after }) => [before, after]);
  const blobs = await readBlobsTogether(objects, ids, textBytesMax);
  const asked = ids.map((_, index) => ({
    grammar: files[index >> 1]?.grammar ?? "",
    text: blobs?.[index]?.toString("utf8") ?? "",
  }));
  const script = fileURLToPath(new URL("./places-child.ts", import.meta.url));
  const answers = blobs === null ? [] : (await runBoundedChild(script, asked, childBounds)).stdout.split("\n");
  const read = (index: number) => placesSchema.safeParse(parseJson(answers[index] ?? "")).data;
  return new Map(
    files.flatMap((file, index) => {
      const [before, after] = [read(2 * index), read(2 * index + 1)];
      return before === undefined || after === undefined ? [] : [[file, { before, after }] as const];
    }),
  );
}

interface Line {
  readonly text: string;
  readonly number: number;
}
interface Hunk {
  readonly removed: Line[];
  readonly added: Line[];
}

/** The new side of each hunk of a diff without context. Without `places`, indentation counts. A hunk that only deletes has none. */
export function rangesOf(text: string, places?: Places): Range[] {
  const hunks = hunksOf(text);
  const pairs = places === undefined ? new Map<number, Pair>() : pairsIn(hunks);
  const isSame = places === undefined ? () => false : meansTheSame(places, pairs, hunks);
  const lines = hunks.flatMap(({ added }) => added.filter(({ number }) => !isSame(number)));
  const found: Range[] = [];
  for (const { number } of lines) {
    const last = found.at(-1);
    if (last?.last === number - 1) last.last = number;
    else found.push({ first: number, last: number });
  }
  return found;
}

function hasPairs(text: string): boolean {
  return pairsIn(hunksOf(text)).size > 0;
}

function hunksOf(text: string): Hunk[] {
  const hunks: Hunk[] = [];
  for (const { text: line, oldLine, newLine } of patchLines(text)) {
    if (oldLine === null && newLine === null && readHunkHeader(line) !== null) hunks.push({ removed: [], added: [] });
    else if (newLine !== null) hunks.at(-1)?.added.push({ text: line.slice(1), number: newLine });
    else if (oldLine !== null) hunks.at(-1)?.removed.push({ text: line.slice(1), number: oldLine });
  }
  return hunks;
}

interface Pair {
  /** The line's number in the base. */
  readonly old: number;
  /** The blanks at the end are the base's. */
  readonly endsAlike: boolean;
}

/** Pairs each added line with the removed line that has the same text without its outer blanks, in order, within a hunk. */
function pairsIn(hunks: readonly Hunk[]): Map<number, Pair> {
  const pairs = new Map<number, Pair>();
  for (const { removed, added } of hunks) {
    let from = 0;
    const placesOf = Map.groupBy([...removed.keys()].toReversed(), (at) => removed[at]?.text.trim() ?? "");
    for (const { text, number } of added) {
      const places = text.trim() === "" ? [] : (placesOf.get(text.trim()) ?? []);
      // No place is visited twice, so that a long hunk takes linear time.
      while (places.length > 0 && (places.at(-1) ?? 0) < from) places.pop();
      const at = places.pop();
      if (at === undefined) continue;
      from = at + 1;
      const { text: was = "", number: old = 0 } = removed[at] ?? {};
      pairs.set(number, { old, endsAlike: endOf(was) === endOf(text) });
    }
  }
  return pairs;
}

/** The blanks at the end, without the return of CRLF, which no language keeps in a string. */
const endOf = (line: string) => line.replace(/\r$/u, "").slice(line.trimEnd().length);

/**
 * True if an added line is only an indented line of the base: its blanks are in no string, it is still in all blocks that it was in, and any further block is
 * new. If a block of the base took the line in or lost it, the line runs at other times and counts as changed.
 */
function meansTheSame(
  places: Places,
  pairs: ReadonlyMap<number, Pair>,
  hunks: readonly Hunk[],
): (line: number) => boolean {
  const added = new Set(hunks.flatMap((hunk) => hunk.added.map(({ number }) => number)));
  const now = linesNow(places, pairs, hunks);
  return (line) => {
    const pair = pairs.get(line);
    if (pair === undefined) return false;
    const { old, endsAlike } = pair;
    const [before, after] = [places.before[old - 1], places.after[line - 1]];
    if (before === undefined || after === undefined || before.isText || after.isText) return false;
    const endsInText = places.before[old]?.isText === true || places.after[line]?.isText === true;
    if (endsInText && !endsAlike) return false;
    const kept = new Set(before.within.map((one) => now.get(one)));
    const around = new Set(after.within);
    const isNew = (one: number) => added.has(one) && !pairs.has(one);
    return (
      [...kept].every((one) => one !== undefined && around.has(one)) &&
      after.within.every((one) => kept.has(one) || isNew(one))
    );
  };
}

/** The current line number of each of the base's lines; deleted lines are left out. */
function linesNow(places: Places, pairs: ReadonlyMap<number, Pair>, hunks: readonly Hunk[]): Map<number, number> {
  const removed = new Set(hunks.flatMap((hunk) => hunk.removed.map(({ number }) => number)));
  const added = new Set(hunks.flatMap((hunk) => hunk.added.map(({ number }) => number)));
  const now = new Map([...pairs].map(([line, { old }]) => [old, line]));
  let line = 1;
  for (let old = 1; old <= places.before.length; old += 1) {
    if (removed.has(old)) continue;
    while (added.has(line)) line += 1;
    now.set(old, line);
    line += 1;
  }
  return now;
}
