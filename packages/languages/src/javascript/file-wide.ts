/** Finds what affects every test of a JavaScript file, wherever it occurs: mocks that runners hoist, and comments that choose the environment. */

import { type Piece, syntaxDigest } from "../shared/test-file.ts";
import { fieldOf, isComment, namesIn, nodesIn, printSyntax, textOf } from "../tree/print-syntax.ts";
import type { SyntaxTree } from "../tree/syntax-node.ts";

const liftedCall = /^(jest|vi)\s*\.\s*(mock|unmock|deepUnmock|hoisted|setMock)$/;
const choice = /@(jest|vitest)-[\w-]+[^\n*]*/g;

export function fileWidePieces(tree: SyntaxTree): Piece[] {
  const found: Piece[] = [];
  for (const node of nodesIn(tree.root)) {
    const callee = fieldOf(node, "function");
    if (callee !== undefined && callee.to - callee.from < 40 && liftedCall.test(textOf(callee)))
      found.push({ digest: syntaxDigest(printSyntax(node)), names: namesIn(node), growth: null });
    if (isComment(node))
      for (const [chosen] of textOf(node).matchAll(choice))
        found.push({ digest: syntaxDigest(chosen.trim()), names: new Set(), growth: null });
  }
  return found;
}
