/** Splits a person's text into its sentences and blocks of code. It never splits inside a unit (`text-units.ts`), and the parts together are the whole text. */
import { unitsOf } from "./text-scan.ts";
import { onOneLine, withoutUnits } from "./text-units.ts";

/** A sentence, or a block of code. */
export interface TextPart {
  /** As the person wrote it, without the mark of a list, a heading or a quotation. It is on one line unless it ends with a block of code. */
  readonly text: string;
  readonly at: number;
  readonly end: number;
  /** For an item of a list: the line before the list, which ends with a colon. */
  readonly lead: string | null;
  /** True for code that no sentence introduces. */
  readonly isBlock: boolean;
}

/** A mark at the start of a line. The pattern can match in only one way, so that matching stays linear. */
const lineMark =
  /^[^\S\n]*(?:(?:>[^\S\n]?)+[^\S\n]*)?(?:#{1,6}[^\S\n]+|(?:[-*+•·]|\d{1,3}[.)、]|[a-z]\)|c\d{1,2}[:.)])[^\S\n]+(?:\[[ xX]\][^\S\n]+)?|[•·]|\d{1,2}、)?/u;

/** The sentences and blocks of a text in their order. */
export function textParts(text: string): TextPart[] {
  const masked = withoutUnits(text, { groups: true });
  const blocks = unitsOf(text).filter(({ kind }) => kind === "block");
  const parts: TextPart[] = [];
  let lead: string | null = null;
  let lastList = false;
  for (const paragraph of paragraphsOf(text, masked, blocks)) {
    if (paragraph.isBlock) {
      const before = parts.at(-1);
      const isIntroduced = before !== undefined && !before.isBlock && /[:：]$/u.test(before.text);
      const code = text.slice(paragraph.at, paragraph.end);
      const { at, end } = paragraph;
      if (isIntroduced) parts.splice(-1, 1, { ...before, text: `${before.text}\n${code}`, end });
      else parts.push({ text: code, at, end, lead: null, isBlock: true });
      continue;
    }
    if (!paragraph.isItem || (!lastList && !/[:：]$/u.test(parts.at(-1)?.text ?? ""))) lead = null;
    else if (!lastList) lead = parts.at(-1)?.text ?? null;
    lastList = paragraph.isItem;
    for (const { at, end } of sentencesIn(text, masked, paragraph))
      if (/[^\s\p{P}]/u.test(text.slice(at, end)))
        parts.push({ text: onOneLine(text.slice(at, end)), at, end, lead, isBlock: false });
  }
  return parts;
}

/** The first sentence, or the first block of a text without sentences; empty if there is nothing. */
export function firstSentence(text: string): string {
  const parts = textParts(text);
  return (parts.find(({ isBlock }) => !isBlock) ?? parts[0])?.text ?? "";
}

interface Paragraph {
  readonly at: number;
  readonly end: number;
  readonly isItem: boolean;
  readonly isBlock: boolean;
}

/** A line without an end mark that has at least this many columns counts as wrapped. */
const wrappedFrom = 60;
/** The same bound if the next line begins with a small letter. */
const wrappedSmallFrom = 40;

/** Groups of lines that belong together: a wrapped paragraph, an item of a list, a block. */
function paragraphsOf(
  text: string,
  masked: string,
  blocks: readonly { readonly at: number; readonly end: number }[],
): Paragraph[] {
  const found: { at: number; end: number; isItem: boolean; isBlock: boolean }[] = [];
  let start = 0;
  let isOpen = false;
  let next = 0;
  for (const line of masked.split("\n")) {
    const end = start + line.length;
    while (next < blocks.length && (blocks[next]?.end ?? 0) < start) next += 1;
    const block = blocks[next];
    if (block !== undefined && block.at < end && block.end >= start) {
      found.push({ ...block, isItem: false, isBlock: true });
      isOpen = false;
    } else if (line.trim() === "") isOpen = false;
    else {
      const mark = lineMark.exec(text.slice(start, end))?.[0] ?? "";
      const before = found.at(-1);
      if (isOpen && before !== undefined && isContinuation(masked, { before, mark, start, end })) before.end = end;
      else
        found.push({
          at: start + mark.length,
          end,
          isItem: mark.trim() !== "" && !/[#>]/u.test(mark),
          isBlock: false,
        });
      isOpen = !/^\s*#/u.test(mark);
    }
    start = end + 1;
  }
  return found;
}

/** True if the line continues the line before it, which was wrapped. A line break inside a unit does not count. */
function isContinuation(
  masked: string,
  {
    before,
    mark,
    start,
    end,
  }: { readonly before: Paragraph; readonly mark: string; readonly start: number; readonly end: number },
): boolean {
  if (mark.trim() !== "") return false;
  const last = masked.slice(Math.max(before.at, masked.lastIndexOf("\n", start - 2) + 1), start - 1).trimEnd();
  if (/[.!?:。！？；：…]$/u.test(last)) return false;
  const line = masked.slice(start, end);
  if (before.isItem) return /^\s{2}|^\t/u.test(line);
  return last.length >= (/^\s*[\p{Ll}\p{N}(\ue000]/u.test(line) ? wrappedSmallFrom : wrappedFrom);
}

/** A mark that may end a sentence, with the closing marks after it, before a space or the end of the text; marks of scripts without spaces may be anywhere. */
const ends =
  /(?:[.!?]+|…)["'”’»)\]*_`]*(?=\s|$|\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana})|[。！？；]+[」』”’）)]*/gu;

function* sentencesIn(
  whole: string,
  masked: string,
  { at: from, end: to }: Paragraph,
): Generator<{ at: number; end: number }> {
  const text = whole.slice(from, to);
  let at = 0;
  for (const match of masked.slice(from, to).matchAll(ends)) {
    const end = match.index + match[0].length;
    if (!endsSentence(text, match.index, match[0])) continue;
    yield { at: from + at, end: from + end };
    at = end;
  }
  if (text.slice(at).trim() !== "") yield { at: from + at, end: to };
}

/** Abbreviations after which a sentence continues. */
const shortened = new Set(
  "e.g i.e eg ie vs cf viz resp incl excl approx z.b d.h u.ä o.ä bzw vgl ggf evtl inkl exkl zzgl sog i.d.r p.ex p.ej ex ej c.-à-d env aprox".split(
    " ",
  ),
);
/** Abbreviations that may also be the last word of a sentence: the letter or digit after them decides. */
const shortenedOrLast = new Set(
  "etc usw u.a no nr núm num fig sec ch vol p pp s abs art ca max min ver v pág págs st".split(" "),
);
/** The second letter of an abbreviation such as "z. B." or "d. h.". */
const spelled = /(?:^|[\s(])\p{L}\. \p{L}$/u;
/** Words before the number of an ordinal in German: "der 3. Eintrag". */
const ordinal = /(?:^|\s)(?:der|die|das|den|dem|des|am|vom|zum|zur|im|ab|bis|jede[rsnm]?|eine?[rsnm]?)\s\d{1,4}$/iu;

/** Whether a mark that could end a sentence does. It does not after an abbreviation, nor before a small letter if the mark may be part of a name. */
function endsSentence(text: string, at: number, mark: string): boolean {
  if (/^[。！？；]/u.test(mark)) return true;
  const rest = text.slice(at + mark.length, at + mark.length + 80).trimStart();
  const isSmall = /^\p{Ll}/u.test(rest);
  if (rest === "") return true;
  if (mark !== ".") return !(isSmall && /^(?:\.{2,}|…|[!?])/u.test(mark));
  const before = text.slice(Math.max(0, at - 40), at);
  const word = (/(?:^|[\s(（])([\p{L}.-]+)$/u.exec(before)?.[1] ?? "").toLowerCase();
  if (shortened.has(word) || (/^\p{L}$/u.test(word) && (/^(?:\p{L}|ex|ej)\./u.test(rest) || spelled.test(before))))
    return false;
  if (shortenedOrLast.has(word) && !/^\p{Lu}/u.test(rest)) return false;
  return !ordinal.test(before);
}
