/** The statements of a Python test that are no rows, and whether the later ones leave the first ones as they are. */

import { type GrowthForm, statementsIn } from "../shared/growth.ts";
import type { FoundStatements, Piece } from "../shared/test-file.ts";
import { fieldOf, namesIn, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode } from "../tree/syntax-node.ts";
import { boundTargets, pythonImport, targetsIn } from "./python-syntax.ts";

/** A `yield` makes something else of the whole function, and a declaration of scope of the whole name. */
const changesWhole = /\b(?:yield|global|nonlocal)\b/u;

/** `pieceWithout`: the test without some of its statements. */
export function pythonStatements(
  all: readonly SyntaxNode[],
  { form }: { form: GrowthForm },
  pieceWithout: (extra: ReadonlySet<SyntaxNode>) => Piece,
): FoundStatements {
  return statementsIn(all, form, {
    pieceWithout,
    mayFollow: (extra, before) => {
      const read = new Set(before.flatMap((node) => [...namesIn(node)]));
      const bound = new Set(before.flatMap((node) => boundIn(node)));
      // A name that is bound anywhere in a function is the function's own from its start.
      const changesFirst = (name: string) => read.has(name) && !bound.has(name);
      return extra.every(
        (node) =>
          isLocal(node) &&
          form.isPlain(node) &&
          !changesWhole.test(textOf(node)) &&
          !boundIn(node).some((name) => changesFirst(name) || /[^\x20-\x7e]/u.test(name)),
      );
    },
  });
}

/** Binds plain names of the test's own, or expects an error; any other statement may reach what the first ones left to run later. */
function isLocal(node: SyntaxNode): boolean {
  const [assignment] = node.name === "expression_statement" ? node.children : [];
  if (assignment?.name === "assignment")
    return (
      assignment.children[0]?.name === "identifier" &&
      assignment.children[2]?.field === "right" &&
      assignment.children[2].name !== "assignment"
    );
  return node.name === "with_statement" && /^with\s+(?:self\.assertRaises|pytest\.raises|raises)\b/u.test(textOf(node));
}

/** The names that a statement binds in its function. */
function boundIn(node: SyntaxNode): string[] {
  const namesOf = (targets: readonly SyntaxNode[]) =>
    targets.flatMap((one) => (one.name === "identifier" ? [textOf(one)] : []));
  if (/^(?:function|class)_definition$/u.test(node.name)) return namesOf(targetsIn(fieldOf(node, "name")));
  if (pythonImport.test(node.name) || node.name === "delete_statement") return namesOf(targetsIn(node));
  const within = node.children.flatMap((child) => boundIn(child));
  // A single name in a pattern takes what is there.
  if (node.name === "case_pattern" || node.name === "splat_pattern")
    return [
      ...within,
      ...namesOf(node.children.flatMap((child) => (child.children.length === 1 ? targetsIn(child) : []))),
    ];
  return node.name === "for_in_clause" ? within : [...within, ...namesOf(boundTargets(node))];
}
