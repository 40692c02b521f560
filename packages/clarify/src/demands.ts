/** Finds what each sentence of a request asks for, so that every demand is in a criterion or named as not checked. */

import type { ClarificationRules } from "@aedev/contracts";
import { notCheckedCharactersMax, notCheckedMax } from "@aedev/contracts";
import { onOneLine, shortenText, textParts } from "@aedev/contracts/words";
import { headingOf, isCriterion, withLead } from "./find-criteria.ts";
import type { RequestKind } from "./lexicon/request-kind.ts";
import { isObservable } from "./reading/criterion.ts";
import { textLanguage } from "./reading/language.ts";
import { unboundedWordsIn, vagueWordsIn } from "./reading/loose-words.ts";
import { isOrder } from "./understanding/question.ts";
import { readSentence, type Sentence } from "./understanding/reading.ts";

/** The most sentences that are read; the others of a longer request are named as not checked. */
const demandsMax = 200;

export interface Demands {
  /** Sentences that ask for something and can be criteria as they stand. */
  readonly checkable: readonly string[];
  /** The other sentences. */
  readonly others: readonly string[];
}

export function demandsOf(
  { text, kind }: { readonly text: string; readonly kind: RequestKind },
  rules: ClarificationRules,
): Demands {
  const language = textLanguage(text);
  const checkable: string[] = [];
  const others: string[] = [];
  for (const part of textParts(text).slice(0, demandsMax)) {
    if (part.isBlock) continue;
    const sentence = withLead(part);
    const introduces = /[:：]$/u.test(sentence);
    const asks = isDemand(readSentence(sentence, language), kind) && !introduces && isCheckable(sentence, rules);
    (asks ? checkable : others).push(sentence);
  }
  return { checkable, others };
}

/** Whether a sentence is an order or, in a request for something new, describes how the new thing behaves ("It raises otherwise"). */
function isDemand(sentence: Sentence, kind: RequestKind): boolean {
  const { found } = sentence;
  if (isOrder(sentence) || found.document.some(({ at, dense }) => dense || at === 0)) return true;
  return kind === "feature" && found.observable.length > 0 && found.contrast.length + found.now.length === 0;
}

function isCheckable(text: string, rules: ClarificationRules): boolean {
  if (!isCriterion(text, rules) || !isObservable(text, rules)) return false;
  return vagueWordsIn(text, rules).length + unboundedWordsIn(text, rules).length === 0;
}

/** The parts of a request that no criterion covers, in order, each shortened. */
export function notCheckedIn(text: string, criteria: readonly string[]): string[] {
  const parts = textParts(text)
    .map((part) => (part.isBlock ? part.text : (headingOf(part.text) ?? part.text)))
    .filter((part) => part !== "" && !isIn(part, criteria))
    .map(onOneLine);
  const listed = parts.length > notCheckedMax ? parts.slice(0, notCheckedMax - 1) : parts;
  const rest = parts.slice(listed.length);
  return [...listed, ...(rest.length === 0 ? [] : [rest.join(" ")])].map((part) =>
    shortenText(part, notCheckedCharactersMax).toWellFormed(),
  );
}

/** True if a sentence stands in one of the criteria. */
export function isIn(sentence: string, criteria: readonly string[]): boolean {
  const sought = squeezed(sentence);
  return criteria.some((criterion) => squeezed(criterion).includes(sought));
}

function squeezed(text: string): string {
  return text.replace(/\s+/gu, " ").trim();
}
