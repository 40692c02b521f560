/** The normal forms in which texts are compared: characters, spaces, case and accents. */

/** Scripts without spaces; one of their characters says as much as two letters. */
const dense = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

export function hasDense(text: string): boolean {
  return dense.test(text);
}

/** Lower case without accents, for comparing words; lines stay apart. */
export function plain(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, "")
    .toLowerCase()
    .replaceAll("ß", "ss")
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .normalize("NFC")
    .replace(/[^\S\n]+/gu, " ")
    .trim();
}
