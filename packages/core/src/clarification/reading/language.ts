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
  return tidy(
    tidy(text)
      .toLowerCase()
      .replace(/[\p{P}\p{S}]/gu, " "),
  );
}

/** One form per character, nothing invisible, single spaces. */
export function tidy(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/\p{Cf}/gu, "")
    .replace(/\s+/gu, " ")
    .trim();
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
