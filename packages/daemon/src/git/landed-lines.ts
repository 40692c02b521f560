/** Follows the lines that a landed change added through later diffs, and recognizes the diff that undoes it. Pure: it takes git's diffs without context. */

/** One hunk of a diff without context: `oldCount` lines after `oldStart` became `newCount` lines. For an insertion, `oldStart` is the line before it. */
interface Hunk {
  readonly oldStart: number;
  readonly oldCount: number;
  readonly newStart: number;
  readonly newCount: number;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/** What a diff does to one file. `to`: another name after a rename, null after a deletion. */
export interface FileDiff {
  readonly from: string;
  readonly to: string | null;
  readonly hunks: readonly Hunk[];
}

/** Ranges of lines as first and last, in order. */
type Ranges = readonly (readonly [number, number])[];

/** The lines of a landed change that nobody has changed since, by the current path of their file. */
export interface LandedLines {
  readonly files: ReadonlyMap<string, Ranges>;
  /** How many lines were changed or removed since. */
  readonly lost: number;
}

/** The lines that a change added. A file in which it only removed lines is included, without lines. */
export function landedLines(change: readonly FileDiff[]): LandedLines {
  const files = change.map(({ from, to, hunks }): [string, Ranges] => [
    to ?? from,
    hunks.filter(({ newCount }) => newCount > 0).map(({ newStart, newCount }) => [newStart, newStart + newCount - 1]),
  ]);
  return { files: new Map(files), lost: 0 };
}

/** Moves the lines through a later diff: those that it changed or removed are lost, the others shift. */
export function followLines(lines: LandedLines, diff: readonly FileDiff[]): LandedLines {
  const files = new Map(lines.files);
  let lost = lines.lost;
  // Names are looked up before any is replaced, because the diff may swap two.
  const touched = diff.filter(({ from }) => lines.files.has(from));
  for (const { from } of touched) files.delete(from);
  for (const { from, to, hunks } of touched) {
    const before = lines.files.get(from) ?? [];
    const after = to === null ? [] : hunks.reduceRight<Ranges>(throughHunk, before);
    lost += countLines(before) - countLines(after);
    // A deleted file may come back, so it stays known.
    files.set(to ?? from, after);
  }
  return { files, lost };
}

function throughHunk(ranges: Ranges, { oldStart, oldCount, newCount }: Hunk): Ranges {
  const first = oldCount === 0 ? oldStart + 1 : oldStart;
  const end = first + oldCount;
  const shift = newCount - oldCount;
  return ranges.flatMap(([from, to]): Ranges => {
    const before: [number, number] = [from, Math.min(to, first - 1)];
    const behind: [number, number] = [Math.max(from, end) + shift, to + shift];
    return [before, behind].filter(([low, high]) => low <= high);
  });
}

function countLines(ranges: Ranges): number {
  return ranges.reduce((sum, [from, to]) => sum + to - from + 1, 0);
}

/** Whether `diff` undoes `change`: in each file it removes exactly the added lines and adds the removed ones, in their order. */
export function isInverse(change: readonly FileDiff[], diff: readonly FileDiff[]): boolean {
  const byName = new Map(diff.map((file) => [file.from, file]));
  return change.every((file) => {
    const back = byName.get(file.to ?? file.from);
    // A change of the mode alone has no lines by which its inverse could be recognized.
    if (back === undefined || file.hunks.length === 0 || back.hunks.length !== file.hunks.length) return false;
    const isNew = file.hunks.every(({ oldCount }) => oldCount === 0);
    if (back.to !== file.from && !(back.to === null && isNew)) return false;
    return file.hunks.every((hunk, index) => {
      const other = back.hunks[index];
      return other !== undefined && isSame(hunk.added, other.removed) && isSame(hunk.removed, other.added);
    });
  });
}

function isSame(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((line, index) => line === right[index]);
}

const hunkHeader = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

/** Reads the output of `git diff-tree -p --unified=0 -z --raw`; null if its names and hunks don't match. Bytes are read as Latin-1, which loses none. */
export function readBareDiff(output: Buffer): FileDiff[] | null {
  const names: { from: string; to: string | null }[] = [];
  let offset = 0;
  const record = () => {
    const end = output.indexOf(0, offset);
    const bytes = output.subarray(offset, end < 0 ? output.length : end);
    offset = end < 0 ? output.length : end + 1;
    return bytes.toString("utf8");
  };
  while (output[offset] === 58) {
    const status = record().split(" ").at(-1) ?? "";
    const from = record();
    names.push({
      from,
      to: status.startsWith("R") || status.startsWith("C") ? record() : status === "D" ? null : from,
    });
  }
  const sections: Hunk[][] = [];
  let rest = 0;
  let hunk: (Hunk & { removed: string[]; added: string[] }) | undefined;
  for (const line of output.subarray(offset).toString("latin1").replace(/^\0/, "").split("\n")) {
    if (rest > 0 && hunk !== undefined && (line[0] === "-" || line[0] === "+")) {
      (line[0] === "-" ? hunk.removed : hunk.added).push(line.slice(1));
      rest -= 1;
    } else if (line.startsWith("diff --git ")) sections.push([]);
    else {
      const header = hunkHeader.exec(line);
      if (header === null) continue;
      const [, oldStart = "0", oldCount = "1", newStart = "0", newCount = "1"] = header;
      const counts = { oldStart: +oldStart, oldCount: +oldCount, newStart: +newStart, newCount: +newCount };
      hunk = { ...counts, removed: [], added: [] };
      rest = counts.oldCount + counts.newCount;
      sections.at(-1)?.push(hunk);
    }
  }
  if (sections.length !== names.length || rest > 0) return null;
  return names.map((name, index) => ({ ...name, hunks: sections[index] ?? [] }));
}
