/**
 * Finds names in JavaScript that mean a parameter of a function around them, whatever the language or a page calls the same, such as a parameter `window`. Only parameters that are a single name without a default
 * count, in the function's body, and only names that the file assigns nothing to: nothing else is known to be what the caller gave. Pure.
 */
import { childOf, sourceText } from "@aedev/languages/tree/print-syntax";
import type { SyntaxNode, SyntaxTree } from "@aedev/languages/tree/syntax-node";

const functions = /^(?:FunctionDeclaration|FunctionExpression|ArrowFunction|MethodDeclaration|Property)$/u;

/** The nodes of such names. Empty if the file has a syntax error. */
export function localNames(tree: SyntaxTree): ReadonlySet<SyntaxNode> {
  const found = new Set<SyntaxNode>();
  // Assigning to `arguments` assigns to parameters.
  if (tree.errors.length > 0 || /\barguments\b/u.test(tree.text)) return found;
  const assigned = assignedNames(tree);
  const visit = (node: SyntaxNode, names: ReadonlySet<string>): void => {
    if (node.name === "VariableName" && names.has(sourceText(tree, node))) found.add(node);
    const own = parametersOf(node, tree).filter((name) => !assigned.has(name));
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
  return list.children
    .filter(({ name }, index) => name === "VariableDefinition" && !hasDefault(list.children, index))
    .map((one) => sourceText(tree, one));
}

function hasDefault(parts: readonly SyntaxNode[], index: number): boolean {
  const rest = parts.slice(index + 1);
  const end = rest.findIndex(({ name }) => name === ",");
  return rest.slice(0, end === -1 ? rest.length : end).some(({ name }) => name === "Equals");
}

/** Every name in the target of an assignment, a step or a loop. */
function assignedNames(tree: SyntaxTree): ReadonlySet<string> {
  const found = new Set<string>();
  const add = (node: SyntaxNode): void => {
    if (/^(?:VariableName|VariableDefinition|PropertyName)$/u.test(node.name)) found.add(sourceText(tree, node));
    for (const child of node.children) add(child);
  };
  const visit = (node: SyntaxNode): void => {
    const [first] = node.children;
    if (node.name === "AssignmentExpression" && first !== undefined) add(first);
    if (
      /^(?:Unary|Postfix|Update)Expression$/u.test(node.name) &&
      /^(?:\+\+|--)|(?:\+\+|--)$/u.test(sourceText(tree, node))
    )
      add(node);
    if (/^For(?:Of|In)Spec$/u.test(node.name) && childOf(node, "const", "let", "var") === undefined)
      for (const child of node.children) add(child);
    for (const child of node.children) visit(child);
  };
  visit(tree.root);
  return found;
}
