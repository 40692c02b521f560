/** The second look's patch: every line where it was, its comments and string literals blanked on both sides, and the names of files that can't be blanked. */
import type { Patch, PatchLine } from "../patch.ts";
import { blankLine, type NumberText, type Scan, scanOfCode, scanOfComment } from "./blank-line.ts";
import { type Language, languageOf } from "./language.ts";

export interface BlankedPatch {
  readonly lines: readonly PatchLine[];
  /** Files whose text is the change (documentation, data, what has no known language): shown as they are. */
  readonly shownWhole: readonly string[];
}

export function blankPatch(patch: Patch): BlankedPatch {
  const numbers = new Map<string, number>();
  const number: NumberText = (text) => {
    const known = numbers.get(text) ?? numbers.size + 1;
    numbers.set(text, known);
    return known;
  };
  const shownWhole = new Set<string>();
  const lines = hunksOf(patch.lines).flatMap((hunk) => {
    const path = [...(hunk.at(-1)?.file?.names ?? [])].at(-1) ?? null;
    const language = path === null ? null : languageOf(path);
    if (language !== null) return blankHunk(hunk, language, number);
    if (path !== null && hunk.some(isBody)) shownWhole.add(path);
    return hunk;
  });
  return { lines, shownWhole: [...shownWhole] };
}

const isBody = ({ oldLine, newLine }: PatchLine): boolean => oldLine !== null || newLine !== null;

/** The lines in their order, cut before each hunk's header, so that nothing carries over from one hunk to the next. */
function hunksOf(lines: readonly PatchLine[]): PatchLine[][] {
  const hunks: PatchLine[][] = [[]];
  for (const line of lines) {
    const begins = !isBody(line) && (line.text.startsWith("@@ ") || line.text.startsWith("diff --git "));
    if (begins) hunks.push([]);
    hunks.at(-1)?.push(line);
  }
  return hunks;
}

/** The old and the new side are two texts; a context line stands in both and is shown as the new one has it. */
function blankHunk(hunk: readonly PatchLine[], language: Language, number: NumberText): PatchLine[] {
  const scans: Record<"old" | "new", Scan> = {
    old: beginOf(hunk, "oldLine", language),
    new: beginOf(hunk, "newLine", language),
  };
  return hunk.map((line) => {
    if (!isBody(line)) return { ...line, text: withoutHeading(line.text) };
    const [sign, code] = [line.text.slice(0, 1), line.text.slice(1)];
    let text = "";
    if (line.oldLine !== null) {
      // Of a context line the old side is followed, and only the new one shown and numbered.
      const shown = line.newLine === null ? number : () => 0;
      const old = blankLine(code, { scan: scans.old, language, number: shown });
      scans.old = old.scan;
      text = old.text;
    }
    if (line.newLine !== null) {
      const fresh = blankLine(code, { scan: scans.new, language, number });
      scans.new = fresh.scan;
      text = fresh.text;
    }
    return { ...line, text: sign + text };
  });
}

/** git writes a line of the code behind a hunk's numbers. */
function withoutHeading(text: string): string {
  return /^@@ -\S+ \+\S+ @@/.exec(text)?.[0] ?? text;
}

/** A hunk that shows a comment's end before any beginning starts inside of it. What begins before a hunk and ends after it can't be known. */
function beginOf(hunk: readonly PatchLine[], side: "oldLine" | "newLine", language: Language): Scan {
  const texts = hunk.filter((line) => line[side] !== null).map(({ text }) => text.slice(1));
  for (const { open, close } of language.block) {
    const end = texts.findIndex((text) => text.includes(close));
    // Lua's shortest end is that of an index in an index, too.
    if (end < 0 || close === "]]") continue;
    const before = [...texts.slice(0, end), texts[end]?.slice(0, texts[end]?.indexOf(close)) ?? ""];
    if (!before.some((text) => text.includes(open)) && !/["'`]/.test(before.at(-1) ?? "")) return scanOfComment(close);
  }
  return scanOfCode;
}
