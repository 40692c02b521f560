/**
 * Reads a person's text for what splits, shortens, recapitalizes or tidies it: nothing may cut or change a unit (`text-scan.ts`). Only the reading of a request for its meaning splits sentences by a rule of its own (`clarification/understanding/reading.ts` in core).
 * It knows no language and no meaning; sentences are in `sentences.ts`.
 *
 * Folder: a person's text as units (code, quotations, paths) and sentences, which nothing may cut or change.
 */
import { unitsOf } from "./text-scan.ts";

/** Stands for each character of a unit. Nobody types it. */
export const unitMark = "\ue000";

/** The text with a mark for each character of a unit, so that places stay the same. `groups`: also of prose in parentheses. */
export function withoutUnits(text: string, { groups = false }: { readonly groups?: boolean } = {}): string {
  let masked = "";
  for (const { kind, at, end } of unitsOf(text)) {
    if (end <= masked.length || (kind === "group" && !groups)) continue;
    masked += text.slice(masked.length, at) + unitMark.repeat(end - Math.max(at, masked.length));
  }
  return masked + text.slice(masked.length);
}

/** The text's lines; a line break within a unit ends none. */
export function unitLines(text: string): string[] {
  let start = 0;
  return withoutUnits(text)
    .split("\n")
    .map((line) => {
      const end = start + line.length;
      const whole = text.slice(start, end);
      start = end + 1;
      return whole;
    });
}

/** The text on one line: each line break becomes a space, and so does a run of spaces outside of units. */
export function onOneLine(text: string): string {
  if (!/\s\s|[^\S ]/u.test(text)) return text.trim();
  let line = "";
  let from = 0;
  const spaced = (prose: string) => prose.replace(/\s+/gu, " ");
  for (const { kind, at, end } of unitsOf(text)) {
    if (kind === "group") continue;
    line += spaced(text.slice(from, at)) + text.slice(at, end).replace(/[^\S ]+/gu, " ");
    from = end;
  }
  return (line + spaced(text.slice(from))).trim();
}

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });
/** A character as a reader sees it has fewer code units than this. */
const graphemeUnitsMax = 64;

/** The longest beginning of at most `length` code units that ends between two characters as a reader sees them. */
export function wholeGraphemes(text: string, length: number): string {
  if (text.length <= length) return text;
  let end = 0;
  for (const { segment } of graphemes.segment(text.slice(0, length + graphemeUnitsMax))) {
    if (end + segment.length > length) break;
    end += segment.length;
  }
  return text.slice(0, end);
}

/** Read beyond the room of a cut text, so that a unit that goes on there is seen. */
const unitCharactersMax = 1000;
/** A cut text keeps at least this share of its room; so a long unit is cut rather than nearly everything left out. */
const keptShareMin = 0.3;

/** At most `length` code units; a shortened text ends with an ellipsis, and never within a unit or a word that could be left out instead. */
export function shortenText(text: string, length: number): string {
  if (text.length <= length) return text;
  const room = Math.max(0, length - 1);
  const masked = withoutUnits(text.slice(0, length + unitCharactersMax));
  let end = room;
  while (end > 0 && !endsWord(masked, end)) end -= 1;
  const kept = end >= length * keptShareMin ? text.slice(0, end) : wholeGraphemes(text, room);
  return `${kept.replace(/[\s,;:]+$/u, "")}…`;
}

/** True if a text may be cut here: not within a unit, and in scripts with spaces only beside a space. */
function endsWord(masked: string, at: number): boolean {
  const [before, after] = [masked.charAt(at - 1), masked.charAt(at)];
  if (before === unitMark && after === unitMark) return false;
  return /\s/u.test(before + after) || (denseLetter.test(before) && denseLetter.test(after));
}
const denseLetter = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}，。；：！？、]/u;
