/** Finds branches of Python that are taken for a literal, but for those that ask how many there are. */
import type { Branch } from "../shared/compiled-branches.ts";
import { literalOf } from "../shared/literals.ts";
import { scriptBranches } from "../shared/script-branches.ts";
import { textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";
import { comparisonsOf } from "./python-syntax.ts";

/** What may make another `len` than Python's: all but a call of it. */
const bindsLen = /\bimport\s*\*|\b(?:def|class)\s+len\b|\blen\b(?!\s*\()/u;

export const pythonBranches = (tree: SyntaxTree): Branch[] =>
  scriptBranches(tree, { comparisonsOf, ...(bindsLen.test(tree.text) ? {} : { isCount: isLength }) });

/** Whether Python's `len` of a name, a field or an element is compared with a number. */
function isLength(node: SyntaxNode, value: SyntaxNode): boolean {
  const isCall = node.name === "call" && /^len\s*\([\s\w.[\]'"-]*\)$/u.test(textOf(node));
  return isCall && /^-?\d/u.test(literalOf(value) ?? "");
}
