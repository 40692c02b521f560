/** Measures how wide a text is on a terminal. */

/** Characters that take two columns: dense scripts (as in packages/clarify), and the punctuation and full-width forms beside them. */
const wide = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff01-\uff60]/u;

/** True if the text has an East Asian character, which takes two columns and lets a line break beside it. */
export function isWide(text: string): boolean {
  return wide.test(text);
}

export function terminalColumns(text: string): number {
  return [...text].reduce((sum, one) => sum + (isWide(one) ? 2 : 1), 0);
}
