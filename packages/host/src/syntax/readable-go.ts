/** Rewrites Go source into a form that the grammar can parse, and maps offsets in the result back to the original. Pure. */

const blockComment = String.raw`\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\/`;
const lineComment = String.raw`\/\/[^\n]*`;
const comments = new RegExp(`${blockComment}|${lineComment}`, "gu");
/** `for range` with any space or comments in between, comments, and texts, also without an end, so that each character is read once. */
const tokens = new RegExp(
  [
    String.raw`\bfor(?:\s|${lineComment}\n|${blockComment})+range\b`,
    blockComment,
    String.raw`\/\*[^]*`,
    lineComment,
    "`[^`]*`?",
    String.raw`"(?:\\.|[^"\\\n])*(?:"|\\?)`,
    String.raw`'(?:\\.|[^'\\\n])*(?:'|\\?)`,
  ].join("|"),
  "gu",
);

/** Makes `for range x` a loop with a clause. */
const inserted = "_=";

export interface ReadableGo {
  readonly text: string;
  /** Offset in the original of an offset in `text`; what was inserted stands before `range` and is empty there. */
  readonly originalOf: (at: number) => number;
}

/**
 * The grammar ends no statement at a comment such as `/* a *\/` at the end of a line or over several, so that these become spaces and line ends; and it has no `for range x`,
 * which is rewritten as `for _ = range x`.
 */
export function readableGo(text: string): ReadableGo {
  const insertions: number[] = [];
  const readable = text.replaceAll(tokens, (token, offset: number) => {
    if (token.startsWith("/*")) return withoutComment(token);
    if (!token.startsWith("for")) return token;
    const start = token.slice(0, -"range".length).replaceAll(comments, withoutComment);
    insertions.push(offset + start.length + insertions.length * inserted.length);
    return `${start}${inserted}range`;
  });
  return { text: readable, originalOf: (at) => at - insertedBefore(at, insertions) };
}

/** Block comments of Go source, in order. */
export function goBlockComments(text: string): string[] {
  return (text.match(tokens) ?? []).filter((token) => token.startsWith("/*"));
}

/** In as many units; so without the flag that takes two units for one character. */
const withoutComment = (comment: string) => comment.replaceAll(/[^\n]/g, " ");

/** Characters inserted in front of an offset. `insertions`: ascending offsets in the rewritten text. */
function insertedBefore(at: number, insertions: readonly number[]): number {
  let [low, high] = [0, insertions.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((insertions[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return 0;
  const within = Math.min(at - (insertions[low - 1] ?? 0), inserted.length);
  return (low - 1) * inserted.length + within;
}
