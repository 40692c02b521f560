/** Answers quickly for hundreds of literals whether a text can contain one of them: one pass over the text notes its runs of three characters. */

/** Small, because it is made for every text, also for short ones. */
const tableBits = 16;

/** A filter for one text. It is true for every lower-case literal that the text contains in any case, and seldom for others; for a literal of one or two characters it is always true. */
export function literalFilter(text: string): (literal: string) => boolean {
  const table = new Uint8Array(1 << tableBits);
  let run = 0;
  for (let at = 0; at < text.length; at += 1) {
    run = next(run, text.charCodeAt(at));
    table[slot(run)] = 1;
  }
  return (literal) => {
    let expected = 0;
    for (let at = 0; at < literal.length; at += 1) {
      expected = next(expected, literal.charCodeAt(at));
      if (at >= 2 && table[slot(expected)] === 0) return false;
    }
    return true;
  };
}

/** Seven bits for each of the last three characters, letters in lower case. */
function next(run: number, code: number): number {
  const lowerCase = code >= 65 && code <= 90 ? code + 32 : code;
  return ((run << 7) | (lowerCase & 127)) & 0x1fffff;
}

function slot(run: number): number {
  return Math.imul(run, 0x9e3779b1) >>> (32 - tableBits);
}
