/** What counts for every test of a JavaScript file wherever it stands: mocks that runners lift to its top, and comments that choose its environment. */
import { namesIn, printSyntax, textOf } from "../print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../syntax-tree.ts";
import { digestOf, type Piece } from "../test-file.ts";

const liftedCall = /^(jest|vi)\s*\.\s*(mock|unmock|deepUnmock|hoisted|setMock)$/;
const choice = /@(jest|vitest)-[\w-]+[^\n*]*/g;

export function fileWidePieces(tree: SyntaxTree): Piece[] {
  const found: Piece[] = [];
  const visit = (node: SyntaxNode): void => {
    const callee = node.name === "CallExpression" ? node.children[0] : undefined;
    if (callee !== undefined && callee.to - callee.from < 40 && liftedCall.test(textOf(tree, callee)))
      found.push({ digest: digestOf(printSyntax(tree, node)), names: namesIn(tree, node) });
    if (/Comment$/.test(node.name))
      for (const [chosen] of textOf(tree, node).matchAll(choice))
        found.push({ digest: digestOf(chosen.trim()), names: new Set() });
    for (const child of node.children) visit(child);
  };
  visit(tree.root);
  return found;
}
