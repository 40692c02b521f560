/**
 * The features of a request that its estimate weighs: observations of the rules, kinds of words and exact things, which of these occur in one sentence,
 * and the wording as hashed sequences of characters and words.
 */
import { findCues } from "../cues/find-cues.ts";
import type { RequestKind } from "../lexicon/request-kind.ts";
import { type AnchorKind, anchorMark } from "../reading/anchors.ts";
import { entriesOf, type Reading, type Sentence } from "./reading.ts";
import { type Weighed, weigh } from "./weigh.ts";

export interface Features {
  /** Observations and counts by name, each about as large as 1. */
  readonly named: ReadonlyMap<string, number>;
  /** The slots of what occurs, by group, ascending and distinct; each slot is below `slotCount`. */
  readonly slots: Readonly<Record<SlotGroup, readonly number[]>>;
}
/** The hashed groups: sequences of characters, sequences of words, pairs of kinds of words and things in one sentence, and pairs of observations anywhere. */
export const slotGroups = ["characters", "words", "pairs", "products"] as const;
export type SlotGroup = (typeof slotGroups)[number];
/** The size of the table that all groups share; a power of two. With a quarter of it, sequences collide so often that more requests are judged wrongly. */
export const slotCount = 1 << 18;
/** The most characters of the wording that are read, from its start and from its end, so that an estimate takes bounded time. */
const headMax = 3000;
const tailMax = 1000;
const charactersMin = 2;
const charactersMax = 5;
const wordsMax = 3;
/** The most letters of a word that its sequences keep. */
const wordLettersMax = 24;

/** The letter that replaces an exact thing of each kind in the wording; kinds that stay in the prose have no letter. */
const letters: Readonly<Record<AnchorKind, string>> = {
  block: "B",
  trace: "",
  code: "C",
  quote: "Q",
  link: "L",
  ticket: "K",
  path: "P",
  route: "R",
  flag: "F",
  package: "G",
  symbol: "S",
  error: "E",
  version: "V",
  measure: "M",
  literal: "I",
  number: "N",
  name: "",
  arrow: "A",
};
const punctuation: readonly (readonly [string, RegExp])[] = [
  ["question", /[?？]/u],
  ["ellipsis", /\.{3}|…/u],
  ["exclamation", /[!！]/u],
  ["colon", /[:：]/u],
  ["semicolon", /[;；]/u],
  ["bracket", /[(（]/u],
  ["line", /\n/u],
];

export function featuresOf(reading: Reading, kind: RequestKind, weighed: Weighed = weigh(reading, kind)): Features {
  const wording = wordingIn(reading);
  const sentences = cuedSentences(reading);
  const named = namedFeatures(reading, sentences, { kind, weighed });
  return {
    named,
    slots: {
      characters: characterSlots(wording),
      words: wordSlots(wording),
      pairs: pairSlots(sentences),
      products: productSlots(named),
    },
  };
}

interface CuedSentence {
  readonly sentence: Sentence;
  readonly cues: ReadonlyMap<string, number>;
}

/** The sentences of the part of a request whose wording is read, each with its cues. */
function cuedSentences({ sentences, language }: Reading): CuedSentence[] {
  let left = headMax + tailMax;
  return sentences.flatMap((sentence): CuedSentence[] => {
    const text = sentence.words.text.slice(0, left);
    left -= text.length;
    return text === "" ? [] : [{ sentence, cues: findCues(language, text) }];
  });
}

function namedFeatures(
  reading: Reading,
  sentences: readonly CuedSentence[],
  { kind, weighed: { points, against, observed } }: { readonly kind: RequestKind; readonly weighed: Weighed },
) {
  const named = new Map<string, number>();
  const add = (name: string, value: number) => {
    if (value !== 0) named.set(name, value);
  };
  for (const [row, value] of Object.entries(observed)) add(`row ${row}`, value / 2);
  add("points", points / 3);
  add("against", Math.min(12, against) / 4);
  add(`kind ${kind}`, 1);
  const anchors = Map.groupBy(reading.anchors, (anchor) => anchor.kind);
  for (const [anchor, found] of anchors) {
    add(`has ${anchor}`, 0.5);
    add(`times ${anchor}`, Math.min(1.5, Math.log1p(found.length)));
  }
  for (const concept of Object.keys(reading.found) as (keyof Reading["found"])[])
    add(`words ${concept}`, Math.min(2, entriesOf(reading, concept).length) / 1.5);
  const cues = new Map<string, number>();
  for (const { cues: found } of sentences)
    for (const [cue, times] of found) cues.set(cue, (cues.get(cue) ?? 0) + times);
  for (const [cue, times] of cues) add(`cue ${cue}`, Math.min(3, times) / 3);
  const width = Math.log1p(Math.min(headMax, reading.width));
  add("width", width / 2);
  add("width squared", (width / 3) ** 2);
  add("sentences", Math.log1p(reading.sentences.length));
  for (const [name, pattern] of punctuation) if (pattern.test(reading.text)) add(`mark ${name}`, 1);
  return named;
}

/** The prose in lower case, with a letter for each exact thing and 0 for each digit: the names don't matter, the wording around them does. */
function wordingIn({ prose, anchors }: Reading): string {
  const marked = anchors.filter(({ kind }) => letters[kind] !== "");
  let next = 0;
  const text = prose
    .toLowerCase()
    .replace(new RegExp(anchorMark, "gu"), (mark) => {
      const anchor = marked[next];
      next += 1;
      return anchor === undefined ? mark : `${mark}${letters[anchor.kind]}`;
    })
    .replace(/\p{N}/gu, "0")
    .replace(/\s+/gu, " ")
    .trim();
  if (text.length <= headMax + tailMax) return text;
  return `${text.slice(0, headMax)} ${text.slice(-tailMax)}`;
}

function characterSlots(wording: string): number[] {
  const slots = new Set<number>();
  const padded = ` ${wording} `;
  for (let at = 0; at < padded.length; at += 1) {
    let hash = hashSeed;
    for (let length = 1; length <= charactersMax && at + length <= padded.length; length += 1) {
      hash = hashed(hash, padded.charCodeAt(at + length - 1));
      if (length >= charactersMin) slots.add(slotOf(hash));
    }
  }
  return ascending(slots);
}

function wordSlots(wording: string): number[] {
  const slots = new Set<number>();
  const words = [...wording.matchAll(/\u00a4?[\p{L}\p{N}_]+|[^\p{L}\p{N}\s_]/gu)].map(([word]) =>
    word.slice(0, wordLettersMax),
  );
  for (const at of words.keys()) {
    let hash = hashed(hashSeed, 1);
    for (const word of words.slice(at, at + wordsMax)) {
      hash = hashedText(hash, word);
      slots.add(slotOf(hash));
    }
  }
  return ascending(slots);
}

/** Pairs of things in one sentence: the lexicon's concepts, cues, kinds of exact things, a question mark. They are the same in all languages. */
function pairSlots(sentences: readonly CuedSentence[]): number[] {
  const slots = new Set<number>();
  for (const { sentence, cues } of sentences) {
    const concepts = Object.entries(sentence.found).flatMap(([concept, found]) => (found.length > 0 ? [concept] : []));
    const anchors = new Set(sentence.anchors.map(({ kind }) => `@${kind}`));
    const marks = [
      ...concepts,
      ...anchors,
      ...[...cues.keys()].map((cue) => `~${cue}`),
      ...(sentence.asks ? ["?"] : []),
    ];
    addPairs(slots, marks, 2);
  }
  return ascending(slots);
}

const multiplied = /^(?:cue|row|kind|has) /u;

/** Pairs of cues, rows, the kind and kinds of exact things, anywhere in the request. */
function productSlots(named: ReadonlyMap<string, number>): number[] {
  const slots = new Set<number>();
  const names = [...named.keys()].filter((name) => multiplied.test(name));
  addPairs(slots, names, 3);
  return ascending(slots);
}

function addPairs(slots: Set<number>, marks: readonly string[], group: number): void {
  const sorted = marks.toSorted();
  for (const [index, mark] of sorted.entries()) {
    const hash = hashedText(hashed(hashSeed, group), mark);
    for (const other of sorted.slice(index + 1)) slots.add(slotOf(hashedText(hash, other)));
  }
}

function ascending(slots: ReadonlySet<number>): number[] {
  return [...slots].toSorted((left, right) => left - right);
}

/** Hashes the text with an end mark that occurs in no text, so that "ab" before "c" differs from "a" before "bc". */
function hashedText(before: number, text: string): number {
  let hash = before;
  for (let place = 0; place < text.length; place += 1) hash = hashed(hash, text.charCodeAt(place));
  return hashed(hash, 1);
}

/** FNV-1a, 32 bits. */
const hashSeed = 0x811c9dc5;
const hashPrime = 0x01000193;

function hashed(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, hashPrime) >>> 0;
}

function slotOf(hash: number): number {
  return (hash ^ (hash >>> 14)) & (slotCount - 1);
}
