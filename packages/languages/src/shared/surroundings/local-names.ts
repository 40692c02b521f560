/**
 * Finds names in JavaScript that mean a parameter of a function around them, whatever the language or a page calls the same, such as a parameter `window`. Only parameters that are a single name without a default
 * count, in the function's body, and only names that the file assigns nothing to: nothing else is known to be what the caller gave. Pure.
 */
import { assignmentsOf, isFunction, isVariableUse, scriptParameters } from "../../javascript/javascript-syntax.ts";
import { fieldOf, nodesIn, textOf } from "../../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../../tree/syntax-node.ts";

/** The nodes of such names. Empty if the file has a syntax error. */
export function localNames(tree: SyntaxTree): ReadonlySet<SyntaxNode> {
  const found = new Set<SyntaxNode>();
  // Assigning to `arguments` assigns to parameters.
  if (tree.errors.length > 0 || /\barguments\b/u.test(tree.text)) return found;
  const assigned = assignedNames(tree);
  const visit = (node: SyntaxNode, names: ReadonlySet<string>): void => {
    if (isVariableUse(node) && names.has(textOf(node))) found.add(node);
    const own = isFunction(node) ? plainParameters(node).filter((name) => !assigned.has(name)) : [];
    const body = fieldOf(node, "body");
    for (const child of node.children)
      visit(child, child === body && own.length > 0 ? new Set([...names, ...own]) : names);
  };
  visit(tree.root, new Set());
  return found;
}

const plainParameters = (one: SyntaxNode) =>
  scriptParameters(one).flatMap(({ pattern, value }) =>
    pattern.name === "identifier" && value === undefined ? [textOf(pattern)] : [],
  );

/** Every name that an assignment, a step or a loop sets. */
function assignedNames(tree: SyntaxTree): ReadonlySet<string> {
  const found = new Set<string>();
  for (const node of nodesIn(tree.root)) {
    for (const { target } of assignmentsOf(node)) found.add(textOf(target));
  }
  return found;
}
