/** Tells whether two requests have the same text, ignoring white space, case and closing punctuation. */

/** Matches only at the start of a row of such marks, so that a long row is read once. */
const endMarks = /(?<![\s\p{Sentence_Terminal}…])[\s\p{Sentence_Terminal}…]+$/u;

/** A key that is equal for texts that ask for the same. The caller stores its digest. */
export function requestKey(text: string): string {
  return text.normalize("NFC").toLowerCase().normalize("NFC").replaceAll(/\s+/gu, " ").replace(endMarks, "").trim();
}
