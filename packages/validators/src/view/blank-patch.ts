/** Builds the blanked view's patch: every line keeps its place, with comments and string literals blanked on both sides. It names the files that can't be blanked. */

import type { Patch, PatchLine } from "@aedev/host/patch/read-patch";
import { type SourceLanguage, sourceLanguageOf } from "@aedev/host/source-text/source-language";
import {
  type Scan,
  type SourcePiece,
  scanOfCode,
  scanOfComment,
  splitSourceLine,
} from "@aedev/host/source-text/source-line";

/** Gives each text a number; equal texts get equal numbers. */
type NumberText = (text: string) => number;

export interface BlankedPatch {
  readonly lines: readonly PatchLine[];
  /** Files whose text is the change (documentation, data, unknown languages); they are shown unchanged. */
  readonly unblankedFiles: readonly string[];
}

export function blankPatch(patch: Patch): BlankedPatch {
  const numbers = new Map<string, number>();
  const number: NumberText = (text) => {
    const known = numbers.get(text) ?? numbers.size + 1;
    numbers.set(text, known);
    return known;
  };
  const unblankedFiles = new Set<string>();
  const lines = hunksOf(patch.lines).flatMap((hunk) => {
    const path = [...(hunk.at(-1)?.file?.names ?? [])].at(-1) ?? null;
    const language = path === null ? null : sourceLanguageOf(path);
    if (language !== null) return blankHunk(hunk, language, number);
    if (path !== null && hunk.some(isBody)) unblankedFiles.add(path);
    return hunk;
  });
  return { lines, unblankedFiles: [...unblankedFiles] };
}

const isBody = ({ oldLine, newLine }: PatchLine): boolean => oldLine !== null || newLine !== null;

/** Splits the lines before each hunk's header, so that no state carries over from hunk to hunk. */
function hunksOf(lines: readonly PatchLine[]): PatchLine[][] {
  const hunks: PatchLine[][] = [[]];
  for (const line of lines) {
    const startsHunk = !isBody(line) && (line.text.startsWith("@@ ") || line.text.startsWith("diff --git "));
    if (startsHunk) hunks.push([]);
    hunks.at(-1)?.push(line);
  }
  return hunks;
}

/** The old and the new side are two texts. A context line belongs to both, and is shown as blanked on the new side. */
function blankHunk(hunk: readonly PatchLine[], language: SourceLanguage, number: NumberText): PatchLine[] {
  const scans: Record<"old" | "new", Scan> = {
    old: startOf(hunk, "oldLine", language),
    new: startOf(hunk, "newLine", language),
  };
  return hunk.map((line) => {
    if (!isBody(line)) return { ...line, text: withoutHeading(line.text) };
    const [sign, code] = [line.text.slice(0, 1), line.text.slice(1)];
    let text = "";
    if (line.oldLine !== null) {
      // A context line's old side only updates the scan; the new side is shown and numbered.
      const numberOnSide = line.newLine === null ? number : () => 0;
      const old = splitSourceLine(code, scans.old, language);
      scans.old = old.scan;
      text = blanked(old.pieces, numberOnSide);
    }
    if (line.newLine !== null) {
      const fresh = splitSourceLine(code, scans.new, language);
      scans.new = fresh.scan;
      text = blanked(fresh.pieces, number);
    }
    return { ...line, text: sign + text };
  });
}

/** Equal texts get equal numbers, so that a change of a text still shows while its words do not. */
function blanked(pieces: readonly SourcePiece[], number: NumberText): string {
  return pieces
    .map(({ kind, text }) => (kind === "text" && text.trim() !== "" ? `…${number(text.trim())}` : text))
    .join("");
}

/** The header without the line of code that git repeats after a hunk's numbers. */
function withoutHeading(text: string): string {
  return /^@@ -\S+ \+\S+ @@/.exec(text)?.[0] ?? text;
}

/** The start state: a hunk that shows a comment's end before any opener starts inside that comment. A comment that spans the whole hunk can't be detected. */
function startOf(hunk: readonly PatchLine[], side: "oldLine" | "newLine", language: SourceLanguage): Scan {
  const texts = hunk.filter((line) => line[side] !== null).map(({ text }) => text.slice(1));
  for (const { open, close } of language.block) {
    const end = texts.findIndex((text) => text.includes(close));
    // In Lua, `]]` also closes an index inside an index.
    if (end < 0 || close === "]]") continue;
    const before = [...texts.slice(0, end), texts[end]?.slice(0, texts[end]?.indexOf(close)) ?? ""];
    if (!before.some((text) => text.includes(open)) && !/["'`]/.test(before.at(-1) ?? "")) return scanOfComment(close);
  }
  return scanOfCode;
}
