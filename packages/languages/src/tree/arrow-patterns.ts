/** Finds arrow functions that the grammar takes for assignments: `({ a } = {}) => a`. Pure. */
import { type Readable, withInsertions } from "./readable.ts";
import type { SyntaxNode, SyntaxTree } from "./syntax-node.ts";

/** The grammar accepts such a pattern after another parameter. */
const parameter = "_,";

/** The offsets of those patterns, unordered. `text`: of the tree, or of the same length. */
export function arrowPatterns(text: string, { root }: SyntaxTree): number[] {
  const found: number[] = [];
  const visit = (node: SyntaxNode): void => {
    const [open, inner] = node.children;
    if (node.name === "ParenthesizedExpression" && open !== undefined && isPattern(inner) && isBeforeArrow(text, node))
      found.push(open.to);
    for (const child of node.children) visit(child);
  };
  visit(root);
  return found;
}

/** `text` with a parameter at each place. */
export function withParameters(text: string, places: readonly number[]): Readable {
  const ascending = places.toSorted((one, other) => one - other);
  const pieces = [0, ...ascending].map((from, index) => text.slice(from, ascending[index]));
  const insertions = ascending.map((place, index) => place + index * parameter.length);
  return withInsertions(pieces.join(parameter), parameter, insertions);
}

/** `{ a } = {}`, alone or before other parameters. */
function isPattern(node: SyntaxNode | undefined): boolean {
  if (node?.name === "SequenceExpression") return isPattern(node.children[0]);
  return node?.name === "AssignmentExpression" && /^(?:Object|Array)Pattern$/u.test(node.children[0]?.name ?? "");
}

function isBeforeArrow(text: string, { to }: SyntaxNode): boolean {
  arrow.lastIndex = to;
  return arrow.test(text);
}
const arrow = /(?:\s|\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\/)*=>/uy;
