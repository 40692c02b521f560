/** A patch as the files and numbered lines that people read. Every line of the patch is in a file, or counted as omitted. */
import type { PatchFileDocument, PatchLineDocument } from "@aedev/contracts/api";
import { type PatchFile, type PatchLine, patchLines, readHunkHeader } from "@aedev/host/patch/read-patch";

const filesMax = 300;
const linesPerFile = 400;
const linesInAll = 3000;
const linesOnDemand = 2000;
/** A longer line is truncated. */
const charactersPerLine = 2000;

/** A file while its lines are read. `gitLine`: its first line, which names it if nothing else does. */
interface Making extends Omit<PatchFileDocument, "path" | "renamed_from"> {
  readonly of: PatchFile | null;
  readonly gitLine: string;
}

/** The first files with their first lines. `omitted`: how many files follow. */
export function filesOfPatch(patch: string): { files: PatchFileDocument[]; omitted: number } {
  const made = groupLines(patch, ({ lines, inAll }) => lines < linesPerFile && inAll < linesInAll);
  return { files: made.slice(0, filesMax).map(documentOf), omitted: Math.max(0, made.length - filesMax) };
}

/** More lines of one file; null: the patch does not have it. */
export function onlyFile(patch: string, { file, from }: { file: number; from: number }): PatchFileDocument | null {
  const made = groupLines(patch, ({ at, seen, lines }) => at === file && seen >= from && lines < linesOnDemand)[file];
  if (made === undefined) return null;
  return documentOf({ ...made, omitted: Math.max(0, made.omitted - from) });
}

/** `isWanted` decides about a line by the place of its file, how many of the file's lines came before, and how many lines are kept already. */
function groupLines(
  patch: string,
  isWanted: (count: { at: number; seen: number; lines: number; inAll: number }) => boolean,
): Making[] {
  const made: Making[] = [];
  let inAll = 0;
  for (const line of patchLines(patch)) {
    let current = made.at(-1);
    if (current === undefined || current.of !== line.file) {
      current = { of: line.file, gitLine: line.text, added: 0, removed: 0, lines: [], omitted: 0 };
      made.push(current);
    }
    const document = lineDocument(line);
    if (document === null) continue;
    if (document.kind === "added" || document.kind === "removed") current[document.kind] += 1;
    const { lines, omitted } = current;
    if (isWanted({ at: made.length - 1, seen: lines.length + omitted, lines: lines.length, inAll })) {
      lines.push(document);
      inAll += 1;
    } else current.omitted += 1;
  }
  return made;
}

/** Null for the lines that only name the file or its digests. */
function lineDocument({ text, oldLine, newLine, file }: PatchLine): PatchLineDocument | null {
  if (oldLine === null && newLine === null) {
    if (file !== null && /^(?:diff --git|index|---|\+\+\+) /u.test(text)) return null;
    return { kind: readHunkHeader(text) === null ? "note" : "hunk", before: null, after: null, ...truncateText(text) };
  }
  const kind = oldLine === null ? "added" : newLine === null ? "removed" : "same";
  return { kind, before: oldLine, after: newLine, ...truncateText(text.slice(1)) };
}

function truncateText(text: string): Pick<PatchLineDocument, "text" | "truncated"> {
  if (text.length <= charactersPerLine) return { text };
  return { text: text.slice(0, charactersPerLine).toWellFormed(), truncated: text.length - charactersPerLine };
}

function documentOf({ of, gitLine, ...rest }: Making): PatchFileDocument {
  const names = [...(of?.names ?? [])];
  const path = names.at(-1) ?? gitLine.replace(/^diff --git /u, "");
  return { path, renamed_from: names.length > 1 ? (names[0] ?? null) : null, ...rest };
}
