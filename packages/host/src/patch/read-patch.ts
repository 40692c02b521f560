/**
 * The only lenient reader of unified diffs: which files a patch touches and which lines it shows. It counts the lines of hunks. Total: text that is not
 * a patch yields no file.
 *
 * Folder: unified diffs: reading, verifying, splitting and joining them.
 */
import { gitPathText } from "../git/path-text.ts";

/** A line of the patch; inside a hunk it has its line numbers in the old and the new file. */
export interface PatchLine {
  text: string;
  oldLine: number | null;
  newLine: number | null;
  /** The file the line belongs to; null before the first file. */
  file: PatchFile | null;
}
/** A file that the patch touches: all its names and, once `parsePatch` has read it, the numbers of the lines shown on either side. */
export interface PatchFile {
  names: Set<string>;
  visibleLines: Set<number>;
}
export interface Patch {
  lines: PatchLine[];
  files: PatchFile[];
}

/** Start and line count of a hunk on each side. */
export interface HunkHeader {
  oldStart: number;
  oldLines: number;
  newStart: number;
  newLines: number;
  /** The text that git prints after the numbers: a space and a line of code. */
  section: string;
}

interface Reading {
  file: PatchFile | null;
  hunk: { oldLine: number; newLine: number; oldLeft: number; newLeft: number } | null;
}

/** Reads the whole patch into memory, with the line numbers that each file shows. */
export function parsePatch(text: string): Patch {
  const lines: PatchLine[] = [];
  const files = new Set<PatchFile>();
  for (const line of patchLines(text)) {
    lines.push(line);
    if (line.file === null) continue;
    files.add(line.file);
    for (const number of [line.oldLine, line.newLine]) if (number !== null) line.file.visibleLines.add(number);
  }
  return { lines, files: [...files] };
}

/** Yields line after line in constant memory besides the text. A file's names are complete from its first hunk on. */
export function* patchLines(text: string): Generator<PatchLine> {
  const reading: Reading = { file: null, hunk: null };
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  for (const line of lines) yield readHunkLine(reading, line) ?? readHeaderLine(reading, line);
}

/** Null if the line is not a hunk header. The section can contain every character except a newline. Hence the flag `s`: a U+2028 in it must not hide the hunk. */
export function readHunkHeader(text: string): HunkHeader | null {
  const [header, oldStart, oldLines = "1", newStart, newLines = "1", section = ""] =
    /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@(.*)$/s.exec(text) ?? [];
  if (header === undefined) return null;
  const [oldFirst, newFirst] = [Number(oldStart), Number(newStart)];
  return { oldStart: oldFirst, oldLines: Number(oldLines), newStart: newFirst, newLines: Number(newLines), section };
}

function readHunkLine(reading: Reading, text: string): PatchLine | null {
  const { hunk, file } = reading;
  if (hunk === null || file === null) return null;
  const sign = text[0];
  if (sign === "\\") return { text, oldLine: null, newLine: null, file };
  if (hunk.oldLeft === 0 && hunk.newLeft === 0) {
    reading.hunk = null;
    return null;
  }
  const oldLine = sign === "+" ? null : hunk.oldLine;
  const newLine = sign === "-" ? null : hunk.newLine;
  if (oldLine !== null) {
    hunk.oldLine += 1;
    hunk.oldLeft -= 1;
  }
  if (newLine !== null) {
    hunk.newLine += 1;
    hunk.newLeft -= 1;
  }
  return { text, oldLine, newLine, file };
}

function readHeaderLine(reading: Reading, text: string): PatchLine {
  if (text.startsWith("diff --git ")) {
    reading.file = { names: namesOfGitLine(text.slice("diff --git ".length)), visibleLines: new Set() };
  }
  for (const { marker, side } of nameMarkers) {
    const name = text.startsWith(marker) ? nameOf(text.slice(marker.length), side) : null;
    if (name !== null) reading.file?.names.add(name);
  }
  const hunk = readHunkHeader(text);
  if (hunk !== null)
    reading.hunk = {
      oldLine: hunk.oldStart,
      newLine: hunk.newStart,
      oldLeft: hunk.oldLines,
      newLeft: hunk.newLines,
    };
  return { text, oldLine: null, newLine: null, file: reading.file };
}

const nameMarkers = [
  { marker: "--- ", side: "a/" },
  { marker: "+++ ", side: "b/" },
  { marker: "rename from ", side: "" },
  { marker: "rename to ", side: "" },
] as const;

/** Without `---` and `+++` (a mode change, an empty file) both halves of the git line have the same name. */
function namesOfGitLine(rest: string): Set<string> {
  const half = (rest.length - 1) / 2;
  if (!Number.isInteger(half) || rest[half] !== " ") return new Set();
  const [left, right] = [nameOf(rest.slice(0, half), "a/"), nameOf(rest.slice(half + 1), "b/")];
  return left !== null && left === right ? new Set([left]) : new Set();
}

/** The name without its prefix; null for `/dev/null` and malformed names. git adds a tab after an unquoted name with spaces. */
function nameOf(field: string, prefix: string): string | null {
  const text = field.startsWith('"') ? unquoted(field) : field.replace(/\t$/, "");
  if (text === null || text === "/dev/null" || !text.startsWith(prefix)) return null;
  return text.slice(prefix.length);
}

const escapes: Record<string, number> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13, '"': 34, "\\": 92 };

/** A name in git's C style: octal escapes are bytes. */
function unquoted(field: string): string | null {
  const body = /^"((?:[^"\\]|\\.)*)"$/s.exec(field)?.[1];
  if (body === undefined) return null;
  const parts = body.match(/\\[0-7]{3}|\\.|[^\\]+/gs) ?? [];
  const bytes = parts.map((part) => {
    if (!part.startsWith("\\")) return Buffer.from(part);
    if (part.length === 4) return Buffer.from([Number.parseInt(part.slice(1), 8)]);
    return Buffer.from([escapes[part.slice(1)] ?? part.charCodeAt(1)]);
  });
  return gitPathText(Buffer.concat(bytes));
}
