/** Positions of found words and exact things in a sentence. It knows nothing about their meaning. */
import { type AnchorKind, anchorMark, type TextAnchor } from "../reading/anchors.ts";
import type { Found } from "../reading/words.ts";
import type { Sentence } from "./reading.ts";

/** The offset in a sentence's text where a found word ends. */
export function endOf({ words: { starts, tokens } }: Sentence, { end, dense }: Found): number {
  return dense ? end : (starts[end - 1] ?? 0) + (tokens[end - 1] ?? "").length;
}

/** Kinds without a mark in the prose. */
const unmarked: ReadonlySet<AnchorKind> = new Set(["name", "trace"]);
/** The sentence's anchors with the offsets of their marks in its text. */
export function marksOf({ anchors, words }: Sentence): { readonly anchor: TextAnchor; readonly at: number }[] {
  const marks = [...words.text.matchAll(new RegExp(anchorMark, "gu"))].map(({ index }) => index);
  const marked = anchors.filter(({ kind }) => !unmarked.has(kind));
  return marked.flatMap((anchor, index) => {
    const at = marks[index];
    return at === undefined ? [] : [{ anchor, at }];
  });
}

/** True if no clause ends between two found words. */
export function isSameClause(sentence: Sentence, left: Found, right: Found): boolean {
  const from = Math.min(endOf(sentence, left), endOf(sentence, right));
  const to = Math.max(startOf(sentence, left), startOf(sentence, right));
  return !/[.,;:!?()\n，。；：！？、]/u.test(sentence.words.text.slice(from, to));
}

/** The offset in a sentence's text where a found word starts. */
export function startOf({ words: { starts } }: Sentence, { at, dense }: Found): number {
  return dense ? at : (starts[at] ?? 0);
}
