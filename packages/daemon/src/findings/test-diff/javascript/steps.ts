/** The statements of a JavaScript test that are no rows, and whether the later ones leave the first ones as they are. */

import { bodyStatements } from "@aedev/host/syntax/javascript-tests";
import { namesIn, sourceText, textsOf } from "@aedev/host/syntax/print-syntax";
import type { SyntaxNode, SyntaxTree } from "@aedev/host/syntax/syntax-tree";
import type { GrowthForm } from "../syntax/growth.ts";
import type { FoundSteps, Piece } from "../syntax/test-file.ts";

/** It is about all assertions of its test. */
const plan = /\.\s*(?:plan|assertions|hasAssertions)\s*\(/u;

/** `pieceWithout`: the test without some of its statements. */
export function javascriptSteps(
  body: SyntaxNode | undefined,
  { tree, form }: { tree: SyntaxTree; form: GrowthForm },
  pieceWithout: (later: ReadonlySet<SyntaxNode>) => Piece,
): FoundSteps | null {
  if (body === undefined) return null;
  const statements = bodyStatements(body);
  const steps = statements.filter((statement) => !form.isCheck(statement));
  return {
    count: steps.length,
    upTo: (count) => pieceWithout(new Set(steps.slice(count))),
    areOnlyAdded: (after) => {
      const later = steps.slice(after);
      const [start] = later;
      const others = start === undefined ? statements : statements.slice(0, statements.indexOf(start));
      const read = new Set(others.flatMap((node) => [...namesIn(tree, node)]));
      if (later.some((node) => plan.test(sourceText(tree, node)))) return false;
      // What is declared further down hides the same name from the beginning.
      return !later.some((node) =>
        [...textsOf(tree, node, /^(?:Variable|Type)Definition$/)].some((name) => read.has(name)),
      );
    },
  };
}
