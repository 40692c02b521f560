/** Splits an evidence patch into hunks and joins them again with recomputed counts, starts and blob ids, so that a planted patch looks as if git had printed it. Pure. */

import { blobId } from "../git/blob-id.ts";
import { type HunkHeader, type PatchFile, patchLines, readHunkHeader } from "./read-patch.ts";

/** A hunk. `lines` have their sign, as in the patch. */
export interface Hunk {
  readonly oldStart: number;
  readonly section: string;
  readonly lines: readonly string[];
}
/** One text file of a patch. A null path: the file does not exist on that side. */
export interface PatchedFile {
  readonly header: readonly string[];
  readonly oldPath: string | null;
  readonly newPath: string | null;
  readonly hunks: readonly Hunk[];
}

interface HunkInProgress {
  readonly header: HunkHeader;
  readonly lines: string[];
}

/** Null if the patch contains an unsupported part: quoted names, binary content. */
export function readHunks(patch: string): PatchedFile[] | null {
  if (!patch.endsWith("\n")) return null;
  const files: { of: PatchFile; header: string[]; hunks: HunkInProgress[] }[] = [];
  for (const { text, oldLine, newLine, file } of patchLines(patch)) {
    if (file === null) return null;
    if (files.at(-1)?.of !== file) files.push({ of: file, header: [], hunks: [] });
    const last = files.at(-1);
    const hunk = last?.hunks.at(-1);
    const opened = readHunkHeader(text);
    if (oldLine !== null || newLine !== null) {
      if (!/^[ +-]/.test(text)) return null;
      hunk?.lines.push(text);
    } else if (opened !== null) last?.hunks.push({ header: opened, lines: [] });
    else if (text.startsWith("\\")) hunk?.lines.push(text);
    else last?.header.push(text);
  }
  if (files.some(({ hunks }) => !hunks.every(isWhole))) return null;
  const read = files.map(({ header, hunks }) =>
    withNames({
      header,
      hunks: hunks.map(({ header: { oldStart, section }, lines }) => ({ oldStart, section, lines })),
    }),
  );
  return read.some((file) => file === null) ? null : (read as PatchedFile[]);
}

function isWhole({ header, lines }: HunkInProgress): boolean {
  return sideLines(lines, "-").length === header.oldLines && sideLines(lines, "+").length === header.newLines;
}

function withNames(file: Pick<PatchedFile, "header" | "hunks">): PatchedFile | null {
  const side = (marker: string, prefix: string): string | null | undefined => {
    const name = file.header
      .find((line) => line.startsWith(marker))
      ?.slice(marker.length)
      .replace(/\t$/, "");
    if (name === "/dev/null") return null;
    return name?.startsWith(prefix) === true ? name.slice(prefix.length) : undefined;
  };
  const [oldPath, newPath] = [side("--- ", "a/"), side("+++ ", "b/")];
  // A file without hunks (a mode change, an empty file) is not edited.
  if (file.hunks.length === 0) return { ...file, oldPath: null, newPath: null };
  return oldPath === undefined || newPath === undefined ? null : { ...file, oldPath, newPath };
}

/** The patch's text. Contract: the output of `readHunks` is printed unchanged. */
export function printHunks(files: readonly PatchedFile[]): string {
  return `${files.flatMap(({ header, hunks }) => [...header, ...printedHunks(hunks)]).join("\n")}\n`;
}

function printedHunks(hunks: readonly Hunk[]): string[] {
  let shift = 0;
  return hunks.flatMap(({ oldStart, section, lines }) => {
    const [oldCount, newCount] = [sideLines(lines, "-").length, sideLines(lines, "+").length];
    const newStart = oldStart + shift + (oldCount === 0 ? 1 : 0) - (newCount === 0 ? 1 : 0);
    shift += newCount - oldCount;
    return [`@@ -${range(oldStart, oldCount)} +${range(newStart, newCount)} @@${section}`, ...lines];
  });
}

function range(start: number, count: number): string {
  return count === 1 ? String(start) : `${start},${count}`;
}

/** The lines of one side of a hunk, context included, without sign. */
function sideLines(lines: readonly string[], sign: "+" | "-"): string[] {
  return lines.filter((line) => line[0] === " " || line[0] === sign).map((line) => line.slice(1));
}

/** Applies the hunks to a file's old text; null if they do not fit the text. */
export function applyHunks(oldText: string, hunks: readonly Hunk[]): string | null {
  const old = oldText.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const result: string[] = [];
  let next = 0;
  for (const { oldStart, lines } of hunks) {
    const hasOld = sideLines(lines, "-").length > 0;
    const from = hasOld ? oldStart - 1 : oldStart;
    result.push(...old.slice(next, from));
    next = from;
    for (const [at, line] of lines.entries()) {
      if (line[0] === "\\") continue;
      const text = lines[at + 1]?.[0] === "\\" ? line.slice(1) : `${line.slice(1)}\n`;
      if (line[0] !== "+") {
        if (old[next] !== text) return null;
        next += 1;
      }
      if (line[0] !== "-") result.push(text);
    }
  }
  return [...result, ...old.slice(next)].join("");
}

/** The file with the blob id of its new text in the header, as git names it. */
export function withNewId(file: PatchedFile, newText: string): PatchedFile {
  const header = file.header.map((line) =>
    line.replace(
      /^(index [0-9a-f]+\.\.)([0-9a-f]+)/,
      (_all, head: string, id: string) => head + blobId([Buffer.from(newText)], id.length),
    ),
  );
  return { ...file, header };
}
