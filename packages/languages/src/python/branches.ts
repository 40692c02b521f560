/** Finds branches of Python that run only for a literal, except those that compare a length. */
import type { Branch } from "../shared/compiled-branches.ts";
import { literalOf } from "../shared/literals.ts";
import { scriptBranches } from "../shared/script-branches.ts";
import { textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";
import { comparisonsOf } from "./python-syntax.ts";

/** Code that may redefine `len`: any mention of it except a call. */
const bindsLen = /\bimport\s*\*|\b(?:def|class)\s+len\b|\blen\b(?!\s*\()/u;

export const pythonBranches = (tree: SyntaxTree): Branch[] =>
  scriptBranches(tree, { comparisonsOf, ...(bindsLen.test(tree.text) ? {} : { isCount: isLength }) });

/** Whether a node is `len` of a name, a field or an element, and is compared with a number. */
function isLength(node: SyntaxNode, value: SyntaxNode): boolean {
  const isCall = node.name === "call" && /^len\s*\([\s\w.[\]'"-]*\)$/u.test(textOf(node));
  return isCall && /^-?\d/u.test(literalOf(value) ?? "");
}
