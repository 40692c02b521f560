/** Finds the words of a lexicon in prose: whole words or stems in scripts with spaces, anywhere in scripts without. One pass over the text for each language. */
import { type Concept, concepts, type Lexicon, type TextLanguage } from "../lexicon/lexicon.ts";
import { lexicons } from "../lexicon/lexicons.ts";
import { hasDense, plain } from "./normal-form.ts";

/** A word that was found; `at` is the number of its first token, or its place in a text without spaces. */
export interface Found {
  readonly entry: string;
  readonly at: number;
  readonly dense: boolean;
}
interface Entry {
  readonly concept: Concept;
  /** As the lexicon writes it, without the mark of a stem. */
  readonly entry: string;
  /** Its tokens; a stem ends with `*`. */
  readonly tokens: readonly string[];
}
interface Compiled {
  readonly whole: ReadonlyMap<string, readonly Entry[]>;
  readonly stems: ReadonlyMap<string, readonly Entry[]>;
  readonly dense: readonly Entry[];
  readonly common: ReadonlySet<string>;
}
const stemLettersMax = 24;

/** Prose cut into words; `|` stands where a clause ends. */
export interface Words {
  readonly tokens: readonly string[];
  readonly text: string;
}

export function wordsOf(prose: string): Words {
  const text = plain(prose);
  const tokens = text.match(/[\p{L}\p{N}]+|[.,;:!?()\n，。；：！？、|]/gu) ?? [];
  return { tokens: tokens.map((token) => (/^[\p{L}\p{N}]/u.test(token) ? token : "|")), text };
}

function compile({ words, common }: Lexicon): Compiled {
  const whole = new Map<string, Entry[]>();
  const stems = new Map<string, Entry[]>();
  const dense: Entry[] = [];
  for (const concept of concepts)
    for (const written of (words[concept] ?? "").split(", ")) {
      const entry = plain(written.endsWith("*") ? written.slice(0, -1) : written);
      if (entry === "") continue;
      if (hasDense(entry)) {
        dense.push({ concept, entry, tokens: [] });
        continue;
      }
      const tokens = plain(written.replaceAll("*", "\u2217")).match(/[\p{L}\p{N}]+\u2217?/gu) ?? [];
      const [first = ""] = tokens;
      const stem = first.endsWith("\u2217");
      const key = stem ? first.slice(0, -1) : first;
      const index = stem ? stems : whole;
      index.set(key, [...(index.get(key) ?? []), { concept, entry, tokens }]);
    }
  return { whole, stems, dense, common: new Set(plain(common).split(/[ ,]+/)) };
}

const compiled = new Map<TextLanguage, Compiled>();
function compiledOf(language: TextLanguage): Compiled {
  const known = compiled.get(language) ?? compile(lexicons[language]);
  compiled.set(language, known);
  return known;
}

export type FoundWords = Readonly<Record<Concept, readonly Found[]>>;

/** Every word of the language's lexicon in the prose, by concept. */
export function findWords(language: TextLanguage, { tokens, text }: Words): FoundWords {
  const { whole, stems, dense } = compiledOf(language);
  const found = Object.fromEntries(concepts.map((concept) => [concept, [] as Found[]])) as Record<Concept, Found[]>;
  for (const [at, token] of tokens.entries()) {
    if (token === "|") continue;
    const entries = [...(whole.get(token) ?? [])];
    for (let length = 2; length <= Math.min(token.length, stemLettersMax); length += 1)
      entries.push(...(stems.get(token.slice(0, length)) ?? []));
    for (const { concept, entry, tokens: sought } of entries)
      if (sought.every((part, index) => index === 0 || isSame(tokens[at + index], part)))
        found[concept].push({ entry, at, dense: false });
  }
  for (const { concept, entry } of dense) {
    const at = text.indexOf(entry);
    if (at >= 0) found[concept].push({ entry, at, dense: true });
  }
  return found;
}

function isSame(token: string | undefined, part: string): boolean {
  if (token === undefined) return false;
  return part.endsWith("\u2217") ? token.startsWith(part.slice(0, -1)) : token === part;
}

/** How many of a language's words a text has, for recognizing the language. */
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
