/** Finds what affects every test of a JavaScript file, wherever it occurs: mocks that runners hoist, and comments that choose the environment. */

import { type Piece, syntaxDigest } from "../shared/test-file.ts";
import { fieldOf, isComment, namesIn, printSyntax, sourceText } from "../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";

const liftedCall = /^(jest|vi)\s*\.\s*(mock|unmock|deepUnmock|hoisted|setMock)$/;
const choice = /@(jest|vitest)-[\w-]+[^\n*]*/g;

export function fileWidePieces(tree: SyntaxTree): Piece[] {
  const found: Piece[] = [];
  const visit = (node: SyntaxNode): void => {
    const callee = fieldOf(node, "function");
    if (callee !== undefined && callee.to - callee.from < 40 && liftedCall.test(sourceText(tree, callee)))
      found.push({ digest: syntaxDigest(printSyntax(tree, node)), names: namesIn(tree, node), growth: null });
    if (isComment(node))
      for (const [chosen] of sourceText(tree, node).matchAll(choice))
        found.push({ digest: syntaxDigest(chosen.trim()), names: new Set(), growth: null });
    for (const child of node.children) visit(child);
  };
  visit(tree.root);
  return found;
}
