/** A syntax tree as all rules read it. Loads no parser. */

export interface SyntaxNode {
  /** The grammar's name for the node; a mark such as `(` is its own name. */
  readonly name: string;
  /** The node's role in its parent, such as `left`; absent if the grammar does not name it. */
  readonly field?: string;
  readonly from: number;
  readonly to: number;
  readonly children: SyntaxNode[];
  readonly tree: SyntaxTree;
}
/** The tree of one text. */
export interface SyntaxTree {
  readonly text: string;
  readonly root: SyntaxNode;
  /** The text around each place that the grammar could not parse. */
  readonly errors: string[];
  /** In Rust, a semicolon can decide about a value, and a comma about a macro's result. */
  readonly isRust: boolean;
}

/** Thrown if a text can't be read in its language within the bounds of size, depth or time. */
export class UnreadableText extends Error {
  override readonly name = "UnreadableText";
}

/** The result of `read`; `otherwise` for an unreadable text, which may also be nested too deep for the stack. */
export function ifReadable<Found, Other>(read: () => Found, otherwise: Other): Found | Other {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError || error instanceof UnreadableText) return otherwise;
    throw error;
  }
}

export const sourceCharactersMax = 1024 * 1024;
export const nodesMax = 1_500_000;
/** Code that people write stays below a hundred levels; our tree readers are recursive. */
export const depthMax = 800;
const contextCharacters = 40;

/** The text around a place, on one line. */
export function textAround(text: string, { from, to }: Pick<SyntaxNode, "from" | "to">): string {
  const end = Math.min(to, from + contextCharacters);
  return text
    .slice(Math.max(0, from - contextCharacters), end + contextCharacters)
    .replace(/\s+/g, " ")
    .trim();
}
