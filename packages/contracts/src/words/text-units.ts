/**
 * Reads a person's text so that others can split, shorten, recapitalize or tidy it without cutting or changing a unit (`text-scan.ts`). Only the
 * understanding of a request splits sentences by its own rule (`understanding/reading.ts` of the package clarify). It knows no language and no meaning;
 * sentences are in `sentences.ts`.
 *
 * Folder: a person's text as sentences and units (code, quotations, paths).
 */
import { unitsOf } from "./text-scan.ts";

/** Replaces each character of a unit. Nobody types this character. */
export const unitMark = "\ue000";

/** The text with `unitMark` for each character of a unit, so that offsets stay the same. `groups`: mask prose in parentheses too. */
export function withoutUnits(text: string, { groups = false }: { readonly groups?: boolean } = {}): string {
  let masked = "";
  for (const { kind, at, end } of unitsOf(text)) {
    if (end <= masked.length || (kind === "group" && !groups)) continue;
    masked += text.slice(masked.length, at) + unitMark.repeat(end - Math.max(at, masked.length));
  }
  return masked + text.slice(masked.length);
}

/** The text's lines. A line break inside a unit does not end a line. */
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

/** The text on one line: each line break, and each run of spaces outside units, becomes one space. */
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

/** The longest beginning of at most `length` code units that does not split a character as a reader sees it. */
export function wholeGraphemes(text: string, length: number): string {
  if (text.length <= length) return text;
  let end = 0;
  for (const { segment } of graphemes.segment(text.slice(0, length + graphemeUnitsMax))) {
    if (end + segment.length > length) break;
    end += segment.length;
  }
  return text.slice(0, end);
}

/** How many characters after a cut are read, to see a unit that continues there. */
const unitCharactersMax = 1000;
/** A cut text keeps at least this share of its room: a long unit is cut rather than left out with nearly everything else. */
const keptShareMin = 0.3;

/** At most `length` code units. A shortened text ends with an ellipsis, and is never cut inside a unit or word that could be left out instead. */
export function shortenText(text: string, length: number): string {
  if (text.length <= length) return text;
  const room = Math.max(0, length - 1);
  const masked = withoutUnits(text.slice(0, length + unitCharactersMax));
  let end = room;
  while (end > 0 && !endsWord(masked, end)) end -= 1;
  const kept = end >= length * keptShareMin ? text.slice(0, end) : wholeGraphemes(text, room);
  return `${kept.replace(/[\s,;:]+$/u, "")}…`;
}

/** True if the text may be cut here: outside units, and beside a space in scripts with spaces. */
function endsWord(masked: string, at: number): boolean {
  const [before, after] = [masked.charAt(at - 1), masked.charAt(at)];
  if (before === unitMark && after === unitMark) return false;
  return /\s/u.test(before + after) || (denseLetter.test(before) && denseLetter.test(after));
}
const denseLetter = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}，。；：！？、]/u;
