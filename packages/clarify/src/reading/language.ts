/** Recognizes the language of a text. */
import { type TextLanguage, textLanguages } from "../lexicon/lexicon.ts";
import { lexicons } from "../lexicon/lexicons.ts";
import { count, denseCharacters, latin, tidy } from "./normal-form.ts";
import { familiarity, wordsOf } from "./words.ts";

const kana = /[\p{Script=Hiragana}\p{Script=Katakana}]/gu;
const hangul = /\p{Script=Hangul}/gu;
/** Texts in quotation marks may be in any language. */
const quotes = /"[^"\n]{0,200}"|“[^”\n]{0,200}”|„[^“”\n]{0,200}[“”]|«[^»\n]{0,200}»|「[^」\n]{0,200}」/gu;
/** Code, addresses, paths and names with dots: they are the same in every language. */
const code = /`[^`]*`|\b\w+:\/\/\S+|(?<![\w.-])[\w.-]*\/[\w./-]+|(?<![\w.])\w+(?:\.\w+)+\b/g;

/** With at least this many words of a language in Latin script, a text is in that language although it also has letters of a dense script. */
const familiarMin = 6;

/** The language of a text, by its script or its most frequent words; English if these don't decide. Code, addresses and quoted texts are ignored. */
export function textLanguage(text: string): TextLanguage {
  return likelyLanguages(text)[0] ?? "english";
}

/** Only this much of the beginning of a text is read. */
const sampleCharactersMax = 4000;
/** A language below this share of the best score is not likely. */
const likelyShare = 0.7;

/** The language of a text and, if the text is short, others that it may be in. */
export function likelyLanguages(whole: string): TextLanguage[] {
  const text = whole.slice(0, sampleCharactersMax);
  const outside = tidy(text.replaceAll(quotes, " ")).replaceAll(code, " ");
  const words = outside.trim() === "" ? tidy(text) : outside;
  const scored = textLanguages.map((language) => ({ language, score: familiarityOf(language, words) }));
  const sorted = scored.toSorted((left, right) => right.score - left.score);
  const [best] = sorted;
  const denseLetters = denseCharacters(words);
  const spaced = count(words, latin) > denseLetters * 2 && best !== undefined && best.score >= familiarMin;
  if (denseLetters === 0 || spaced) {
    if (best === undefined || best.score === 0) return ["english"];
    return sorted.filter(({ score }) => score > 0 && score >= best.score * likelyShare).map(({ language }) => language);
  }
  if (count(words, hangul) > 0) return ["korean"];
  return [count(words, kana) > 0 ? "japanese" : "chinese"];
}

/** Letters that only this language has count as much as a frequent word. */
function familiarityOf(language: TextLanguage, text: string): number {
  const { letters } = lexicons[language];
  const own =
    letters === "" ? 0 : Math.min(3, [...text.toLowerCase()].filter((letter) => letters.includes(letter)).length);
  return familiarity(language, wordsOf(text)) + own * 2;
}
