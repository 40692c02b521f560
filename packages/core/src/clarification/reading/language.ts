/** Text measures for clarification: how wide a text is, which language to ask in, and the normal form for comparing texts. */
export type TextLanguage = "english" | "chinese";

/** Scripts without spaces; one of their characters says as much as two letters. */
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

/** Characters of a text. A run of spaces or of one punctuation mark counts as one, a character of a dense script as two. */
export function widthOf(text: string): number {
  const spare = tidy(text).replace(/(\p{P})\1+/gu, "$1");
  return [...spare].length + count(spare, everyDense);
}

/** Chinese if a text is mainly Chinese, else English. */
export function textLanguage(text: string): TextLanguage {
  const words = tidy(text).replaceAll(code, " ");
  const chinese = count(words, han);
  return chinese > count(words, kanaOrHangul) * 2 && chinese * 2 >= count(words, latin) ? "chinese" : "english";
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
