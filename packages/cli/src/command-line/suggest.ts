/** The only file that uses fastest-levenshtein: suggests the words that a mistyped word may mean. */
import { distance } from "fastest-levenshtein";

const suggestedMax = 3;

/** The words of `known` near the typed word, nearest first: at most a third of the letters differ, or two in a word of four or more letters, because swapped letters count as two. */
export function nearest(typed: string, known: readonly string[]): string[] {
  const typedLower = typed.toLowerCase();
  return known
    .map((one) => ({ one, away: distance(typedLower, one) }))
    .filter(({ one, away }) => away <= Math.max(typed.length < 4 ? 1 : 2, Math.floor(one.length / 3)))
    .toSorted((first, second) => first.away - second.away)
    .slice(0, suggestedMax)
    .map(({ one }) => one);
}
