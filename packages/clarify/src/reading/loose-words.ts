/**
 * Finds the vague and the unbounded words of a text: the policy's words, and the lexicon's for languages that the policy does not cover. A word that is
 * taken back ("not the whole app") does not count.
 */
import type { ClarificationRules } from "@aedev/contracts";
import type { TextLanguage } from "../lexicon/lexicon.ts";
import { textLanguage } from "./language.ts";
import { phrasesIn, unnegatedPhrasesIn } from "./phrases.ts";
import { proseOf } from "./place.ts";
import { endsClause, type Found, type FoundWords, findWords, type Words, wordsOf } from "./words.ts";

/** The policy has words of these languages. */
const inPolicy: ReadonlySet<TextLanguage> = new Set(["english", "chinese"]);

export function vagueWordsIn(text: string, rules: ClarificationRules): string[] {
  const prose = proseOf(text);
  return distinct([...phrasesIn(prose, rules.signals.vague_description.words), ...ofLexicon(prose, "vague")]);
}

export function unboundedWordsIn(text: string, rules: ClarificationRules): string[] {
  const prose = proseOf(text);
  return distinct([
    ...unnegatedPhrasesIn(prose, rules.signals.unbounded_scope.words),
    ...ofLexicon(prose, "unbounded"),
  ]);
}

/** How many tokens or characters may be between a word and the words that take it back. */
const tokensBetween = 3;
const charactersBetween = 8;

function ofLexicon(prose: string, concept: "vague" | "unbounded"): string[] {
  const language = textLanguage(prose);
  if (inPolicy.has(language)) return [];
  const words = wordsOf(prose);
  const found = findWords(language, words);
  return found[concept].filter((word) => !isTakenBack(word, found, words)).map((word) => surfaceOf(word, words));
}

function isTakenBack({ at, end, dense }: Found, found: FoundWords, { tokens, text }: Words): boolean {
  if (dense) {
    const near = text.slice(Math.max(0, at - charactersBetween), end + charactersBetween);
    return [...found.negationAfter, ...found.rest].some((word) => word.dense && near.includes(word.entry));
  }
  const between = (from: number, to: number) => tokens.slice(Math.min(from, to), Math.max(from, to)).some(endsClause);
  const negated = found.negation.some((word) => word.at < at && at - word.at <= tokensBetween && !between(word.at, at));
  return negated || found.rest.some((word) => Math.abs(word.at - at) <= 2 && !between(word.at, at));
}

/** The word as the text has it; an entry may be a stem. */
function surfaceOf({ at, end, dense }: Found, { tokens, text }: Words): string {
  return dense ? text.slice(at, end) : tokens.slice(at, end).join(" ");
}

function distinct(words: readonly string[]): string[] {
  return [...new Set(words)];
}
