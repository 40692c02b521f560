/** Reads a request once: its language, the exact things it names, the words of its language, its sentences. Everything else follows from this. */

import { missionTextCharactersMax } from "@aedev/contracts";
import { type Concept, concepts, type TextLanguage } from "../lexicon/lexicon.ts";
import { type AnchorKind, anchorMark, anchorsOf, type TextAnchor } from "../reading/anchors.ts";
import { likelyLanguages } from "../reading/language.ts";
import { widthOf } from "../reading/normal-form.ts";
import { type Found, type FoundWords, findWords, type Words, wordsOf } from "../reading/words.ts";

export interface Reading {
  readonly text: string;
  readonly language: TextLanguage;
  readonly anchors: readonly TextAnchor[];
  readonly prose: string;
  readonly words: Words;
  readonly found: FoundWords;
  readonly width: number;
  readonly sentences: readonly Sentence[];
}
export interface Sentence {
  /** Its prose, with marks in place of exact things. */
  readonly text: string;
  readonly anchors: readonly TextAnchor[];
  readonly words: Words;
  readonly found: FoundWords;
  readonly asks: boolean;
}

/** Reads as much as a mission's text can have. */
export function readRequest(request: string): Reading {
  const text = request
    .slice(0, missionTextCharactersMax)
    .normalize("NFKC")
    .replaceAll(/\p{Cf}/gu, "");
  const [language = "english", ...others] = likelyLanguages(text);
  const { anchors, prose } = anchorsOf(text);
  const words = wordsOf(prose);
  const found = withBorrowed(findWords(language, words), words, new Set([...others, "english" as const]));
  const sentences = sentencesOf(prose, anchors, language);
  return { text, language, anchors, prose, words, found, width: widthOf(text), sentences };
}

/** Concepts whose words also come from English and from other languages that a short text may be in ("das Feature refactoren"). */
const borrowed: readonly Concept[] = [
  "fix",
  "rename",
  "remove",
  "upgrade",
  "refactor",
  "testNoun",
  "docNoun",
  "dependency",
  "typo",
  "symptom",
];

function withBorrowed(found: FoundWords, words: Words, languages: ReadonlySet<TextLanguage>): FoundWords {
  const others = [...languages].map((language) => findWords(language, words));
  const both = (concept: Concept) => [...found[concept], ...others.flatMap((other) => other[concept])];
  return { ...found, ...Object.fromEntries(borrowed.map((concept) => [concept, both(concept)])) };
}

/** The most sentences that are read one by one, and the most words of a concept in each, so that comparing them stays linear. */
export const sentencesMax = 200;
export const foundMax = 12;

/** The question mark in an address ("?page=2") ends no sentence. */
const sentenceEnd = /((?<=[.!?])\s|(?<=[。！？])|(?<=\?)(?![\w-]{0,24}[=?&])|\n)/u;

function sentencesOf(prose: string, anchors: readonly TextAnchor[], language: TextLanguage): Sentence[] {
  let from = 0;
  return prose
    .split(sentenceEnd)
    .map((piece) => {
      const start = from;
      from += piece.length;
      return { text: piece.trim(), start, end: from };
    })
    .filter(({ text }) => /[\p{L}\p{N}]/u.test(text) || text.includes(anchorMark))
    .slice(0, sentencesMax)
    .map(({ text, start, end }) =>
      sentenceOf(
        text,
        anchors.filter(({ at }) => at >= start && at < end),
        language,
      ),
    );
}

/** One sentence of a request in this language. */
export function readSentence(text: string, language: TextLanguage): Sentence {
  const { anchors, prose } = anchorsOf(text.normalize("NFKC").replaceAll(/\p{Cf}/gu, ""));
  return sentenceOf(prose.trim(), anchors, language);
}

function sentenceOf(prose: string, anchors: readonly TextAnchor[], language: TextLanguage): Sentence {
  const words = wordsOf(prose);
  const found = firstOf(findWords(language, words));
  return { text: prose, anchors, words, found, asks: /[?？]["”»)\s]*$/u.test(prose) };
}

function firstOf(found: FoundWords): FoundWords {
  const first: Record<Concept, readonly Found[]> = { ...found };
  for (const concept of concepts) first[concept] = found[concept].slice(0, foundMax);
  return first;
}

/** The distinct exact things of these kinds. */
export function namedOf({ anchors }: Reading, kinds: ReadonlySet<AnchorKind>): string[] {
  return [...new Set(anchors.filter(({ kind }) => kinds.has(kind)).map(({ text }) => text))];
}

/** The distinct words of a concept, as the lexicon writes them. */
export function entriesOf({ found }: Reading, ...sought: readonly Concept[]): string[] {
  return [...new Set(sought.flatMap((concept) => found[concept].map(({ entry }) => entry)))];
}
