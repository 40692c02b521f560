/** The statements of a JavaScript test that are no rows, and whether the later ones leave the first ones as they are. */

import { type GrowthForm, statementsIn } from "../shared/growth.ts";
import type { FoundStatements, Piece } from "../shared/test-file.ts";
import { namesIn, partsOf, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode } from "../tree/syntax-node.ts";
import { isJavascriptCheck } from "./assertions.ts";
import { allDeclared, scriptChangesOthers } from "./javascript-syntax.ts";
import { writesIn } from "./test-bindings.ts";

/** `block`: the test's body. `pieceWithout`: the test without some of its statements. */
export function javascriptStatements(
  block: SyntaxNode,
  { form }: { form: GrowthForm },
  pieceWithout: (extra: ReadonlySet<SyntaxNode>) => Piece,
): FoundStatements {
  return statementsIn(partsOf(block), form, {
    pieceWithout,
    mayFollow: (extra, before) => {
      const read = new Set(before.flatMap((node) => [...namesIn(node)]));
      // What is declared further down hides the same name from the beginning.
      const hides = (node: SyntaxNode) => allDeclared(node).some((name) => read.has(textOf(name)));
      return extra.every((node) => isLocal(node) && !scriptChangesOthers(node) && !hides(node));
    },
  });
}

/** A constant of the test's own, or an assertion that is waited for; any other statement may reach what the first ones left to run later. */
function isLocal(node: SyntaxNode): boolean {
  if (node.name === "expression_statement") return isJavascriptCheck(node) && !writesIn(node);
  return node.name === "lexical_declaration" && !writesIn(node);
}
