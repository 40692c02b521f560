/**
 * Finds names in JavaScript that mean a parameter of a function around them, whatever the language or a page calls the same, such as a parameter `window`. Only parameters that are a single name count,
 * and only in the function's body: nothing else is known to be declared without reading types and overloads. Pure.
 */
import { childOf, sourceText } from "@aedev/host/syntax/print-syntax";
import type { SyntaxNode, SyntaxTree } from "@aedev/host/syntax/syntax-tree";

const functions = /^(?:FunctionDeclaration|FunctionExpression|ArrowFunction|MethodDeclaration|Property)$/u;

/** The nodes of such names. Empty if the file has a syntax error. */
export function localNames(tree: SyntaxTree): ReadonlySet<SyntaxNode> {
  const found = new Set<SyntaxNode>();
  if (tree.errors.length > 0) return found;
  const visit = (node: SyntaxNode, names: ReadonlySet<string>): void => {
    if (node.name === "VariableName" && names.has(sourceText(tree, node))) found.add(node);
    const own = parametersOf(node, tree);
    const body = node.children.at(-1);
    for (const child of node.children)
      visit(child, child === body && own.length > 0 ? new Set([...names, ...own]) : names);
  };
  visit(tree.root, new Set());
  return found;
}

/** Empty for what is no function with a body. */
function parametersOf(node: SyntaxNode, tree: SyntaxTree): string[] {
  const list = functions.test(node.name) ? childOf(node, "ParamList") : undefined;
  const hasBody = node.name === "ArrowFunction" || node.children.at(-1)?.name === "Block";
  if (list === undefined || !hasBody) return [];
  return list.children.filter(({ name }) => name === "VariableDefinition").map((one) => sourceText(tree, one));
}
