/** Answers quickly for hundreds of literals whether a text can contain one of them: one pass over the text notes its runs of three characters. */

/** A small table, because every text gets one, also a short one. */
const tableBits = 16;

/** Makes a filter for one text: true for every lower-case literal that the text contains in any case, for any literal shorter than three, seldom for others. */
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

/** Adds a character to the run, which has seven bits for each of the last three, with letters in lower case. */
function next(run: number, code: number): number {
  const lowerCase = code >= 65 && code <= 90 ? code + 32 : code;
  return ((run << 7) | (lowerCase & 127)) & 0x1fffff;
}

function slot(run: number): number {
  return Math.imul(run, 0x9e3779b1) >>> (32 - tableBits);
}
