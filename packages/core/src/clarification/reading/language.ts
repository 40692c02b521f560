/** Text measures for clarification: how wide a text is, which language it is in, and the normal form for comparing texts. */
import { type TextLanguage, textLanguages } from "../lexicon/lexicon.ts";
import { lexicons } from "../lexicon/lexicons.ts";
import { familiarity, wordsOf } from "./words.ts";

/** Scripts without spaces; one of their characters says as much as two letters. */
const everyDense = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu;
const kana = /[\p{Script=Hiragana}\p{Script=Katakana}]/gu;
const hangul = /\p{Script=Hangul}/gu;
const latin = /\p{Script=Latin}/gu;
/** Texts in quotation marks may be in any language. */
const quotes = /"[^"\n]{0,200}"|“[^”\n]{0,200}”|„[^“”\n]{0,200}[“”]|«[^»\n]{0,200}»|「[^」\n]{0,200}」/gu;
/** Code, addresses, paths and names with dots: the same in every language. */
const code = /`[^`]*`|\b\w+:\/\/\S+|(?<![\w.-])[\w.-]*\/[\w./-]+|(?<![\w.])\w+(?:\.\w+)+\b/g;

/** Characters of a text. A run of spaces or of one punctuation mark counts as one, a character of a dense script as two. */
export function widthOf(text: string): number {
  const spare = tidy(text).replace(/(\p{P})\1+/gu, "$1");
  return [...spare].length + count(spare, everyDense);
}

/** Words of a language written in Latin from which a text is in it, although it has more letters of a dense script than none. */
const familiarMin = 6;

/** The language of a text, by its script or its most frequent words; English if nothing tells. Code, addresses and quoted texts tell nothing. */
export function textLanguage(text: string): TextLanguage {
  return likelyLanguages(text)[0] ?? "english";
}

/** The language is told by the beginning of a text. */
const sampleCharactersMax = 4000;
/** Below this share of the best score a language is not likely. */
const likelyShare = 0.7;

/** The language of a text and, if it is short, others that it may be in. */
export function likelyLanguages(whole: string): TextLanguage[] {
  const text = whole.slice(0, sampleCharactersMax);
  const outside = tidy(text.replaceAll(quotes, " ")).replaceAll(code, " ");
  const words = outside.trim() === "" ? tidy(text) : outside;
  const scored = textLanguages.map((language) => ({ language, score: familiarityOf(language, words) }));
  const sorted = scored.toSorted((left, right) => right.score - left.score);
  const [best] = sorted;
  const denseLetters = count(words, everyDense);
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

/** The text without punctuation and case, single spaces between its words. */
export function normalized(text: string): string {
  return tidy(folded(text).replace(/[\p{P}\p{S}]/gu, " "));
}

const greekOrCyrillic = /[\p{Script=Greek}\p{Script=Cyrillic}]/gu;
/** Letters of other alphabets, and below them the letters that they look like. */
const lookalikes = [..."авекмнорстухіјѕһԁԛԝαβεηικνορτυχωıɡɑ"];
const like = [..."abekmhopctyxijshdqwabenikvoptuxwiga"];

/** The text in lower case for searching. If it is mainly Latin, accents are removed and lookalike letters replaced. */
export function folded(text: string): string {
  const lower = tidy(text).toLowerCase();
  if (count(lower, latin) <= count(lower, greekOrCyrillic)) return lower;
  const plain = lower.normalize("NFD").replace(/[\u0300-\u036f]/g, "");
  return plain.normalize("NFC").replace(/\P{ASCII}/gu, (character) => like[lookalikes.indexOf(character)] ?? character);
}

/** Normalizes characters and spaces and removes invisible characters. Filler letters count as spaces. */
export function tidy(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/[\u115f\u1160\u2800]/g, " ")
    .replace(/[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, "")
    .replace(/\s+/gu, " ")
    .trim();
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
