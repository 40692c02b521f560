/**
 * Finds the cues of a language in a sentence, by one pattern for each cue.
 *
 * Folder: data: kinds of words in eight languages that only the fitted weights read.
 */
import type { TextLanguage } from "../lexicon/lexicon.ts";
import { hasDense, plain } from "../reading/normal-form.ts";
import { chineseCues } from "./chinese.ts";
import { type CueName, type Cues, cueNames } from "./cue.ts";
import { englishCues } from "./english.ts";
import { frenchCues } from "./french.ts";
import { germanCues } from "./german.ts";
import { japaneseCues } from "./japanese.ts";
import { koreanCues } from "./korean.ts";
import { portugueseCues } from "./portuguese.ts";
import { spanishCues } from "./spanish.ts";

const cuesOf: Readonly<Record<TextLanguage, Cues>> = {
  english: englishCues,
  german: germanCues,
  french: frenchCues,
  spanish: spanishCues,
  portuguese: portugueseCues,
  japanese: japaneseCues,
  chinese: chineseCues,
  korean: koreanCues,
};

type Patterns = readonly (readonly [CueName, RegExp])[];
const compiled = new Map<TextLanguage, Patterns>();

/** The cues in the plain form of a sentence (`Words.text`), each with the number of its distinct words. */
export function findCues(language: TextLanguage, sentence: string): ReadonlyMap<CueName, number> {
  const patterns = compiled.get(language) ?? compile(cuesOf[language]);
  compiled.set(language, patterns);
  const found = new Map<CueName, number>();
  for (const [name, pattern] of patterns) {
    const times = new Set(sentence.match(pattern)).size;
    if (times > 0) found.set(name, times);
  }
  return found;
}

function compile(cues: Cues): Patterns {
  return cueNames.map((name) => {
    const entries = cues[name].split(", ").map((written) => ({
      stem: written.endsWith("*"),
      entry: plain(written.replaceAll("*", "")).replace(/[$()*+.?[\\\]^{|}]/gu, "\\$&"),
    }));
    // The longest words come first, because the pattern takes the first word that fits.
    const sorted = entries.toSorted((left, right) => right.entry.length - left.entry.length);
    const dense = sorted.filter(({ entry }) => hasDense(entry)).map(({ entry }) => entry);
    const spaced = sorted
      .filter(({ entry }) => !hasDense(entry))
      .map(({ entry, stem }) => (stem ? `${entry}[\\p{L}\\p{N}_]{0,24}` : entry));
    const whole = spaced.length === 0 ? [] : [`(?<![\\p{L}\\p{N}_])(?:${spaced.join("|")})(?![\\p{L}\\p{N}_])`];
    return [name, new RegExp([...dense, ...whole].join("|"), "gu")] as const;
  });
}
