/** When two requests are the same text: white space, case and the punctuation at the end don't count. */

/** Begins where no such mark is before it, so that a long row of them is read once. */
const endMarks = /(?<![\s\p{Sentence_Terminal}…])[\s\p{Sentence_Terminal}…]+$/u;

/** The same for all texts that ask for the same; whoever stores it takes its digest. */
export function requestKey(text: string): string {
  return text.normalize("NFC").toLowerCase().normalize("NFC").replaceAll(/\s+/gu, " ").replace(endMarks, "").trim();
}
