/** What clarification knows of scripts: how wide a text is, which language to ask in, and the form in which two texts count as equal. */

export type Language = "english" | "chinese";

/** Scripts without spaces, whose characters say as much as two of an alphabet. */
const dense = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;
const everyDense = new RegExp(dense, "gu");
const han = /\p{Script=Han}/gu;
const kanaOrHangul = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu;
const latin = /\p{Script=Latin}/gu;
/** Code, addresses, paths and names with dots: the same in every language. */
const code = /`[^`]*`|\b\w+:\/\/\S+|(?<![\w.-])[\w.-]*\/[\w./-]+|(?<![\w.])\w+(?:\.\w+)+\b/g;

export function hasDense(text: string): boolean {
  return dense.test(text);
}

/** Characters of a text, runs of space or of one mark as one; a character of a dense script is two. */
export function widthOf(text: string): number {
  const spare = tidy(text).replace(/(\p{P})\1+/gu, "$1");
  return [...spare].length + count(spare, everyDense);
}

/** Chinese where a text is mainly Chinese, else English. */
export function languageOf(text: string): Language {
  const words = tidy(text).replaceAll(code, " ");
  const chinese = count(words, han);
  return chinese > count(words, kanaOrHangul) * 2 && chinese * 2 >= count(words, latin) ? "chinese" : "english";
}

/** The text without punctuation and case, single spaces between its words. */
export function normalized(text: string): string {
  return tidy(folded(text).replace(/[\p{P}\p{S}]/gu, " "));
}

const greekOrCyrillic = /[\p{Script=Greek}\p{Script=Cyrillic}]/gu;
/** Letters of other alphabets, and below each what it looks like. */
const looks = [..."авекмнорстухіјѕһԁԛԝαβεηικνορτυχωıɡɑ"];
const like = [..."abekmhopctyxijshdqwabenikvoptuxwiga"];

/** The form in which words are sought: lower case; in a text that is mainly Latin without accents, and with the letters that only look Latin as what they look like. */
export function folded(text: string): string {
  const lower = tidy(text).toLowerCase();
  if (count(lower, latin) <= count(lower, greekOrCyrillic)) return lower;
  const plain = lower.normalize("NFD").replace(/[\u0300-\u036f]/g, "");
  return plain.normalize("NFC").replace(/\P{ASCII}/gu, (character) => like[looks.indexOf(character)] ?? character);
}

/** One form per character, nothing invisible, single spaces. A filler that is a letter looks like a space. */
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
