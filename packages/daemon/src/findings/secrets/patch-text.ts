/** Turns a unified diff into scannable texts: for each file, its lines without markers and their line numbers. The diff may be malformed. */
import { type PatchFile, patchLines, readHunkHeader } from "@aedev/host/patch/read-patch";

/** One side of one file's hunks; `lines[i]` is the file's line number of the i-th line in `text`. */
export interface PatchText {
  readonly path: string;
  readonly text: string;
  readonly lines: readonly number[];
}

/** Two texts per file, before and after, so that each has a multi-line secret whole, and one for the text outside hunks. */
export function patchTexts(patch: string): PatchText[] {
  const texts: PatchText[] = [];
  const outside: string[] = [];
  let of: PatchFile | null = null;
  let file = emptyFile("patch");
  for (const line of patchLines(patch)) {
    if (line.file !== of) {
      texts.push(...textsOf(file));
      of = line.file;
      file = emptyFile("patch");
    }
    if (line.oldLine !== null) push(file.before, line.text.slice(1));
    if (line.newLine !== null) push(file.after, line.text.slice(1));
    if (line.oldLine !== null || line.newLine !== null) continue;
    const header = readHunkHeader(line.text);
    if (header !== null) {
      startHunk(file.before, header.oldStart);
      startHunk(file.after, header.newStart);
      file.path = [...(of?.names ?? [])].at(-1) ?? "patch";
    }
    outside.push(line.text);
  }
  return [...texts, ...textsOf(file), { path: "patch", text: outside.join("\n"), lines: [] }];
}

interface FileSides {
  path: string;
  readonly before: Side;
  readonly after: Side;
}
interface Side {
  readonly texts: string[];
  readonly lines: number[];
  next: number;
}

function emptyFile(path: string): FileSides {
  const side = (): Side => ({ texts: [], lines: [], next: 0 });
  return { path, before: side(), after: side() };
}

/** Starts a hunk with a gap before it, so that no match spans two hunks. */
function startHunk(side: Side, start: number): void {
  side.next = 0;
  push(side, "");
  side.next = start;
}

function push(side: Side, text: string): void {
  side.texts.push(text);
  side.lines.push(side.next);
  side.next += 1;
}

function textsOf({ path, before, after }: FileSides): PatchText[] {
  return [before, after]
    .filter((side) => side.texts.length > 0)
    .map((side) => ({ path, text: side.texts.join("\n"), lines: side.lines }));
}
