/** The statements of a JavaScript test that are no rows, and whether the later ones leave the first ones as they are. */

import { allDeclared } from "@aedev/languages/javascript/javascript-syntax";
import { namesIn, partsOf, sourceText } from "@aedev/languages/tree/print-syntax";
import type { SyntaxNode, SyntaxTree } from "@aedev/languages/tree/syntax-node";
import { changesOthers, type GrowthForm, statementsIn } from "../syntax/growth.ts";
import type { FoundStatements, Piece } from "../syntax/test-file.ts";
import { isJavascriptCheck } from "./assertions.ts";
import { writesIn } from "./bindings.ts";

/** `block`: the test's body. `pieceWithout`: the test without some of its statements. */
export function javascriptStatements(
  block: SyntaxNode,
  { tree, form }: { tree: SyntaxTree; form: GrowthForm },
  pieceWithout: (extra: ReadonlySet<SyntaxNode>) => Piece,
): FoundStatements {
  return statementsIn(partsOf(block), form, {
    pieceWithout,
    mayFollow: (extra, before) => {
      const read = new Set(before.flatMap((node) => [...namesIn(tree, node)]));
      // What is declared further down hides the same name from the beginning.
      const hides = (node: SyntaxNode) => allDeclared(node).some((name) => read.has(sourceText(tree, name)));
      return extra.every((node) => isLocal(node, tree) && !changesOthers(tree, node) && !hides(node));
    },
  });
}

/** A constant of the test's own, or an assertion that is waited for; any other statement may reach what the first ones left to run later. */
function isLocal(node: SyntaxNode, tree: SyntaxTree): boolean {
  if (node.name === "expression_statement") return isJavascriptCheck(node, tree) && !writesIn(node);
  return node.name === "lexical_declaration" && !writesIn(node);
}
