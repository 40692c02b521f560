/** Rewrites Python source into a form of the same length that the grammar can parse. Pure. */

/** String literals (also unterminated ones, so that each character is read once), comments, words and single other characters. */
const tokens =
  /"""(?:\\[\s\S]|(?!""")[^\\])*(?:"""|\\?$)|'''(?:\\[\s\S]|(?!''')[^\\])*(?:'''|\\?$)|"(?:\\[\s\S]|[^"\\\n])*"?|'(?:\\[\s\S]|[^'\\\n])*'?|#[^\n\r]*|[\p{L}\p{N}_]+|[\s\S]/gu;

interface Bracket {
  /** It is the parenthesis of a `with`. */
  readonly isWith: boolean;
  readonly start: number;
  /** The tokens that are in no other brackets. */
  readonly own: number[];
}

/** The parentheses of `with (a as b, c as d):` become spaces. */
export function readablePython(text: string): string {
  if (!/\bwith\s*\(/u.test(text)) return text;
  const read: string[] = text.match(tokens) ?? [];
  const open: Bracket[] = [];
  for (const [at, token] of read.entries()) {
    const closed = /^[)\]}]$/u.test(token) ? open.pop() : undefined;
    if (closed?.isWith === true && token === ")" && isContext(read, closed, at)) unwrap(read, closed, at);
    open.at(-1)?.own.push(at);
    if (/^[([{]$/u.test(token))
      open.push({ isWith: token === "(" && lastCode(read, at - 1) === "with", start: at, own: [] });
  }
  return read.join("");
}

function isContext(read: readonly string[], { own }: Bracket, end: number): boolean {
  let next = end + 1;
  while (isSpace(read[next] ?? "")) next += 1;
  return read[next] === ":" && own.some((at) => read[at] === "as");
}

/** A line's end, a comment and a comma at the end mean something only within parentheses. */
function unwrap(read: string[], { start, own }: Bracket, end: number): void {
  const last = own.findLast((at) => !isSpace(read[at] ?? "")) ?? start;
  const blanked = [start, end, ...own.filter((at) => isSpace(read[at] ?? "")), ...(read[last] === "," ? [last] : [])];
  for (const at of blanked) read[at] = (read[at] ?? "").replaceAll(/[\s\S]/g, " ");
}

/** The last token that is not a space on the same line; a line end otherwise. */
function lastCode(read: readonly string[], from: number): string | undefined {
  let at = from;
  while (/^[ \t]$/u.test(read[at] ?? "")) at -= 1;
  return read[at];
}

const isSpace = (token: string) => /^(?:\s|#)/u.test(token);
