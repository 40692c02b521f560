/** The words of all languages. */
import { chineseWords } from "./chinese.ts";
import { englishWords } from "./english.ts";
import { frenchWords } from "./french.ts";
import { germanWords } from "./german.ts";
import { japaneseWords } from "./japanese.ts";
import { koreanWords } from "./korean.ts";
import type { Lexicon, TextLanguage } from "./lexicon.ts";
import { portugueseWords } from "./portuguese.ts";
import { spanishWords } from "./spanish.ts";

/** The words of each language by what they say in a request. */
export const lexicons: Readonly<Record<TextLanguage, Lexicon>> = {
  english: englishWords,
  german: germanWords,
  french: frenchWords,
  spanish: spanishWords,
  portuguese: portugueseWords,
  japanese: japaneseWords,
  chinese: chineseWords,
  korean: koreanWords,
};
