/** Takes the text of an expression apart by `&&` or `||`. Pure. */

export const withoutSpaces = (text: string): string => text.replaceAll(/\s+/gu, "");

/** The parts of `x && y && (z)`, in brackets or not. */
export function piecesOf(text: string, sign: "&&" | "||"): string[] {
  let [depth, from] = [0, 0];
  const pieces: string[] = [];
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === "(") depth += 1;
    if (text[at] === ")") depth -= 1;
    if (depth !== 0 || !text.startsWith(sign, at)) continue;
    pieces.push(text.slice(from, at));
    from = at + sign.length;
  }
  pieces.push(text.slice(from));
  return pieces.flatMap((piece) => (isBracketed.test(piece) ? piecesOf(piece.slice(1, -1), sign) : [piece]));
}

/** `(x)`, but not `(x)+(y)`. */
const isBracketed = /^\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)$/u;
