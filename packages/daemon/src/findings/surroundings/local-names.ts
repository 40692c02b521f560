/**
 * Finds names in JavaScript that mean a parameter or a local variable, whatever the language or a page calls the same, such as a parameter `window`. What such a name stands for
 * came from somewhere, and is read there. Names of the file itself do not count, because `declare` makes some of them. Pure.
 */
import { sourceText } from "@aedev/host/syntax/print-syntax";
import type { SyntaxNode, SyntaxTree } from "@aedev/host/syntax/syntax-tree";
import { declaredNames, opensScope } from "./kept-state/javascript-scopes.ts";

/** The nodes of such names. Empty if the file has a syntax error. */
export function localNames(tree: SyntaxTree): ReadonlySet<SyntaxNode> {
  const found = new Set<SyntaxNode>();
  if (tree.errors.length > 0) return found;
  const visit = (node: SyntaxNode, scopes: readonly ReadonlySet<string>[]): void => {
    if (/^Ambient/u.test(node.name)) return;
    const isOwn = node !== tree.root && opensScope(node);
    const here = isOwn ? [...scopes, declaredNames(node, tree, { isValue: true })] : scopes;
    if (node.name === "VariableName" && here.some((names) => names.has(sourceText(tree, node)))) found.add(node);
    for (const child of node.children) visit(child, here);
  };
  visit(tree.root, []);
  return found;
}
