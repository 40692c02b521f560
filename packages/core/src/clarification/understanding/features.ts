/** The features of a request that its estimate weighs: what the rules observed, what kinds of words and exact things it has, and its wording as hashed sequences of characters and words. */
import type { RequestKind } from "../lexicon/request-kind.ts";
import { type AnchorKind, anchorMark } from "../reading/anchors.ts";
import { entriesOf, type Reading } from "./reading.ts";
import { type Weighed, weigh } from "./weigh.ts";

export interface Features {
  /** By name: what was observed and counted, each about as large as 1. */
  readonly named: ReadonlyMap<string, number>;
  /** The slots of the sequences that occur, ascending and distinct; each slot is below `slotCount`. */
  readonly slots: readonly number[];
}
/** Slots of the table of sequences; a power of two. */
export const slotCount = 1 << 16;
/** Characters of the wording that are read, from its start and from its end: an estimate costs bounded time. */
const headMax = 3000;
const tailMax = 1000;
const charactersMin = 2;
const charactersMax = 5;
const wordsMax = 3;
/** Letters of a word that its sequences keep. */
const wordLettersMax = 24;

/** What stands in the wording for an exact thing of each kind; kinds that stay in the prose have no letter. */
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
  return { named: namedFeatures(reading, kind, weighed), slots: slotsOf(wordingIn(reading)) };
}

function namedFeatures(reading: Reading, kind: RequestKind, { points, against, observed }: Weighed) {
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
  const width = Math.log1p(Math.min(headMax, reading.width));
  add("width", width / 2);
  add("width squared", (width / 3) ** 2);
  add("sentences", Math.log1p(reading.sentences.length));
  for (const [name, pattern] of punctuation) if (pattern.test(reading.text)) add(`mark ${name}`, 1);
  return named;
}

/** The prose in lower case, with a letter for each exact thing and 0 for each digit: what is named does not matter, how it is spoken of does. */
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

function slotsOf(wording: string): number[] {
  const slots = new Set<number>();
  const padded = ` ${wording} `;
  for (let at = 0; at < padded.length; at += 1) {
    let hash = hashSeed;
    for (let length = 1; length <= charactersMax && at + length <= padded.length; length += 1) {
      hash = hashed(hash, padded.charCodeAt(at + length - 1));
      if (length >= charactersMin) slots.add(slotOf(hash));
    }
  }
  const words = [...wording.matchAll(/\u00a4?[\p{L}\p{N}_]+|[^\p{L}\p{N}\s_]/gu)].map(([word]) =>
    word.slice(0, wordLettersMax),
  );
  for (const at of words.keys()) {
    let hash = hashed(hashSeed, 1);
    for (const word of words.slice(at, at + wordsMax)) {
      for (let place = 0; place < word.length; place += 1) hash = hashed(hash, word.charCodeAt(place));
      hash = hashed(hash, 1);
      slots.add(slotOf(hash));
    }
  }
  return [...slots].toSorted((left, right) => left - right);
}

/** FNV-1a, 32 bits. */
const hashSeed = 0x811c9dc5;
const hashPrime = 0x01000193;

function hashed(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, hashPrime) >>> 0;
}

function slotOf(hash: number): number {
  return (hash ^ (hash >>> 16)) & (slotCount - 1);
}
