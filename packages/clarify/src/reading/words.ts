/** Finds the words of a lexicon in prose: whole words or stems in scripts with spaces, anywhere in scripts without. It reads the text once per language. */
import { type Concept, concepts, type Lexicon, type TextLanguage } from "../lexicon/lexicon.ts";
import { lexicons } from "../lexicon/lexicons.ts";
import { hasDense, plain } from "./normal-form.ts";

/** A word or phrase that was found, from `at` to before `end`: token numbers, or offsets in a text without spaces. */
export interface Found {
  readonly entry: string;
  readonly at: number;
  readonly end: number;
  readonly dense: boolean;
}
/** One part of a phrase: alternative words, or a gap. A word's tokens may be stems, which end with `*`; `_` is any word. */
type Part = "gap" | { readonly words: readonly (readonly string[])[]; readonly optional: boolean };
interface Entry {
  readonly concept: Concept;
  /** As in the lexicon, without the mark of a stem. */
  readonly entry: string;
  readonly parts: readonly Part[];
}
interface DenseEntry {
  readonly concept: Concept;
  readonly entry: string;
  /** Null for an entry without groups and gaps, which is searched for literally. */
  readonly pattern: RegExp | null;
}
interface Compiled {
  readonly whole: ReadonlyMap<string, readonly Entry[]>;
  readonly stems: ReadonlyMap<string, readonly Entry[]>;
  readonly dense: readonly DenseEntry[];
  readonly common: ReadonlySet<string>;
}
const stemLettersMax = 24;

/** Prose split into words; `|` marks the end of a clause, `,` a comma. */
export interface Words {
  readonly tokens: readonly string[];
  readonly starts: readonly number[];
  readonly text: string;
}

export function wordsOf(prose: string): Words {
  const text = plain(prose);
  const found = [...text.matchAll(/[\p{L}\p{N}]+|[.,;:!?()\n，。；：！？、|]/gu)];
  return {
    tokens: found.map(([token]) => (/^[\p{L}\p{N}]/u.test(token) ? token : /[,，、]/u.test(token) ? "," : "|")),
    starts: found.map(({ index }) => index),
    text,
  };
}

/** True for a token that marks the end of a clause. */
export function endsClause(token: string | undefined): boolean {
  return token === "|" || token === ",";
}

const clauseEnd = /[|.,;:!?()\n，。；：！？、]/gu;
const stemMark = "\u2217";
/** Concepts whose gaps may cross a comma in scripts with spaces: "wir wissen noch nicht, welche". */
const crossing: ReadonlySet<Concept> = new Set(["undecided"]);
/** The most tokens or characters in a gap. A gap never crosses the end of a sentence, and a comma only for these concepts. */
const gapTokensMax = 5;
const gap = "[^|.,;:!?()\\n，。；：！？、]{0,14}?";

function compile({ words, common }: Lexicon): Compiled {
  const whole = new Map<string, Entry[]>();
  const stems = new Map<string, Entry[]>();
  const dense: DenseEntry[] = [];
  for (const concept of concepts)
    for (const written of (words[concept] ?? "").split(", ")) {
      const entry = plain(written.endsWith("*") ? written.slice(0, -1) : written);
      if (entry === "") continue;
      if (hasDense(entry)) {
        dense.push({ concept, entry, pattern: densePattern(entry) });
        continue;
      }
      const parts = partsOf(plain(written.replaceAll("*", stemMark)));
      const [first] = parts;
      for (const [token = ""] of first === undefined || first === "gap" ? [] : first.words) {
        const stem = token.endsWith(stemMark);
        const key = stem ? token.slice(0, -1) : token;
        const index = stem ? stems : whole;
        index.set(key, [...(index.get(key) ?? []), { concept, entry, parts }]);
      }
    }
  return { whole, stems, dense, common: new Set(plain(common).split(/[ ,]+/)) };
}

/** "(has|needs) (yet)? to .. decide": words, groups of alternatives that may be optional, and gaps. */
function partsOf(entry: string): Part[] {
  return (entry.match(/\([^)]*\)\??|[^\s()]+/gu) ?? []).flatMap((piece): Part[] => {
    if (piece === "..") return ["gap"];
    const group = piece.startsWith("(") ? piece.replace(/^\(|\)\??$/gu, "").split("|") : [piece];
    const words = group.map((one) => one.match(/[\p{L}\p{N}]+\u2217?|_/gu) ?? []).filter((one) => one.length > 0);
    return words.length === 0 ? [] : [{ words, optional: piece.endsWith(")?") }];
  });
}

/** An entry may have groups, gaps and ends of lines; no other character is special. */
function densePattern(entry: string): RegExp | null {
  if (!/[(|)[?]|\.\./.test(entry)) return null;
  return new RegExp(entry.replaceAll("(", "(?:").replaceAll(/\s?\.\.\s?/g, gap), "gu");
}

const compiled = new Map<TextLanguage, Compiled>();
function compiledOf(language: TextLanguage): Compiled {
  const known = compiled.get(language) ?? compile(lexicons[language]);
  compiled.set(language, known);
  return known;
}

export type FoundWords = Readonly<Record<Concept, readonly Found[]>>;

/** Words of these concepts count for no other concept: "I don't know if this is a bug" leaves nothing open. */
const exclusiveConcepts = ["disclaimer", "free", "settled", "wonder"] as const satisfies readonly Concept[];

/** Every word of the language's lexicon in the prose, by concept. */
export function findWords(language: TextLanguage, words: Words): FoundWords {
  const found = search(language, words);
  const taken = exclusiveConcepts.flatMap((concept) => found[concept]);
  if (taken.length === 0) return found;
  const left = search(language, without(words, taken));
  return { ...left, ...Object.fromEntries(exclusiveConcepts.map((concept) => [concept, found[concept]])) };
}

function without({ tokens, starts, text }: Words, taken: readonly Found[]): Words {
  const rest = [...tokens];
  let prose = text;
  for (const { at, end, dense } of taken)
    if (dense) prose = `${prose.slice(0, at)}${" ".repeat(end - at)}${prose.slice(end)}`;
    else rest.fill("|", at, end);
  return { tokens: rest, starts, text: prose };
}

function search(language: TextLanguage, { tokens, text }: Words): FoundWords {
  const { whole, stems, dense } = compiledOf(language);
  const found = Object.fromEntries(concepts.map((concept) => [concept, [] as Found[]])) as Record<Concept, Found[]>;
  for (const [at, token] of tokens.entries()) {
    if (endsClause(token)) continue;
    const entries = [...(whole.get(token) ?? [])];
    for (let length = 2; length <= Math.min(token.length, stemLettersMax); length += 1)
      entries.push(...(stems.get(token.slice(0, length)) ?? []));
    for (const { concept, entry, parts } of new Set(entries)) {
      const end = endOf(tokens, at, { parts, crosses: crossing.has(concept) });
      if (end !== null) found[concept].push({ entry, at, end, dense: false });
    }
  }
  for (const { concept, entry, pattern } of dense)
    for (const [at, length] of pattern === null ? placesOf(text, entry) : matchesOf(text, pattern))
      found[concept].push({ entry, at, end: at + length, dense: true });
  return found;
}

function* placesOf(text: string, entry: string): Generator<readonly [at: number, length: number]> {
  for (let at = text.indexOf(entry); at >= 0; at = text.indexOf(entry, at + entry.length)) yield [at, entry.length];
}

function* matchesOf(text: string, pattern: RegExp): Generator<readonly [at: number, length: number]> {
  for (const match of text.matchAll(pattern)) yield [match.index, match[0].length];
}

/** The end of the parts if they match at this place; null if they don't. A gap is as short as possible. */
function endOf(
  tokens: readonly string[],
  at: number,
  { parts, crosses }: { readonly parts: readonly Part[]; readonly crosses: boolean },
): number | null {
  let next = at;
  let between = 0;
  for (const part of parts) {
    if (part === "gap") {
      between = gapTokensMax;
      continue;
    }
    let end: number | null = null;
    for (let skipped = 0; end === null && skipped <= between; skipped += 1) {
      const passed = tokens[next + skipped - 1];
      if (skipped > 0 && endsClause(passed) && !(crosses && passed === ",")) break;
      const from = next + skipped;
      const word = part.words.find((one) => one.every((token, index) => isSame(tokens[from + index], token)));
      if (word !== undefined) end = from + word.length;
    }
    if (end === null && part.optional) continue;
    if (end === null) return null;
    next = end;
    between = 0;
  }
  return next;
}

function isSame(token: string | undefined, part: string): boolean {
  if (token === undefined || endsClause(token)) return false;
  if (part === "_") return true;
  return part.endsWith(stemMark) ? token.startsWith(part.slice(0, -1)) : token === part;
}

/** How many of a language's words a text has, to recognize the language. */
export function familiarity(language: TextLanguage, { tokens }: Words): number {
  const { whole, stems, common } = compiledOf(language);
  let sum = 0;
  for (const token of tokens) {
    if (common.has(token)) sum += 2;
    else if (whole.has(token) || [...prefixesOf(token)].some((prefix) => stems.has(prefix))) sum += 1;
  }
  return sum;
}

function* prefixesOf(token: string): Generator<string> {
  for (let length = 4; length <= Math.min(token.length, stemLettersMax); length += 1) yield token.slice(0, length);
}

/** The clauses that contain these words, each by its number in the text. Scripts with and without spaces are counted separately. */
export function clausesOf({ tokens, text }: Words, words: readonly Found[]): ReadonlySet<string> {
  let clause = 0;
  const clauses = tokens.map((token) => {
    if (endsClause(token)) clause += 1;
    return clause;
  });
  const ends = words.some(({ dense }) => dense) ? [...text.matchAll(clauseEnd)].map(({ index }) => index) : [];
  const dense = words.filter((word) => word.dense).toSorted((left, right) => left.at - right.at);
  let passed = 0;
  const named = dense.map(({ at }) => {
    while ((ends[passed] ?? at) < at) passed += 1;
    return `dense ${passed}`;
  });
  return new Set([...named, ...words.filter((word) => !word.dense).map(({ at }) => `${clauses[at]}`)]);
}
