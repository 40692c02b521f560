/** The statements of a JavaScript test, and whether the later ones leave the first ones as they are. */

import { bodyStatements } from "@aedev/host/syntax/javascript-tests";
import { namesIn, textsOf } from "@aedev/host/syntax/print-syntax";
import type { SyntaxNode, SyntaxTree } from "@aedev/host/syntax/syntax-tree";
import type { FoundSteps, Piece } from "../syntax/test-file.ts";

export function javascriptSteps(
  body: SyntaxNode | undefined,
  tree: SyntaxTree,
  pieceWithout: (later: ReadonlySet<SyntaxNode>) => Piece,
): FoundSteps | null {
  if (body === undefined) return null;
  const statements = bodyStatements(body);
  return {
    count: statements.length,
    upTo: (count) => pieceWithout(new Set(statements.slice(count))),
    areOnlyAdded: (after) => {
      const read = new Set(statements.slice(0, after).flatMap((node) => [...namesIn(tree, node)]));
      // What is declared further down hides the same name from the beginning.
      return !statements
        .slice(after)
        .some((node) => [...textsOf(tree, node, /^(?:Variable|Type)Definition$/)].some((name) => read.has(name)));
    },
  };
}
