/** Rewrites Go source into a form that the grammar can parse, and maps offsets in the result back to the original. Pure. */
import { type Readable, withInsertions } from "./readable.ts";

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

/**
 * The grammar ends no statement at a comment such as `/* a *\/` at the end of a line or over several, so that these become spaces and line ends; and it has no `for range x`,
 * which is rewritten as `for _ = range x`.
 */
export function readableGo(text: string): Readable {
  const insertions: number[] = [];
  const readable = text.replaceAll(tokens, (token, offset: number) => {
    if (token.startsWith("/*")) return withoutComment(token);
    if (!token.startsWith("for")) return token;
    const start = token.slice(0, -"range".length).replaceAll(comments, withoutComment);
    insertions.push(offset + start.length + insertions.length * inserted.length);
    return `${start}${inserted}range`;
  });
  return withInsertions(readable, inserted, insertions);
}

/** Block comments of Go source, in order. */
export function goBlockComments(text: string): string[] {
  return (text.match(tokens) ?? []).filter((token) => token.startsWith("/*"));
}

/** In as many units; so without the flag that takes two units for one character. */
const withoutComment = (comment: string) => comment.replaceAll(/[^\n]/g, " ");
