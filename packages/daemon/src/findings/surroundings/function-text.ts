/** Finds JavaScript that reads the source text of its own functions, which differs where code is compiled or measured. Pure. */
import { childOf, partsOf, sourceText } from "@aedev/host/syntax/print-syntax";
import type { SyntaxNode, SyntaxTree } from "@aedev/host/syntax/syntax-tree";
import type { Use } from "./kept-state/use.ts";

export function functionTexts(tree: SyntaxTree): Use[] {
  const names = functionNames(tree);
  const found: Use[] = [];
  const isFunction = (node: SyntaxNode | undefined): boolean =>
    node !== undefined &&
    (/^(?:FunctionExpression|ArrowFunction|ClassExpression)$/u.test(node.name) ||
      (node.name === "ParenthesizedExpression" && isFunction(partsOf(node)[0])) ||
      (node.name === "VariableName" && names.has(sourceText(tree, node))));
  const visit = (node: SyntaxNode): void => {
    if (readParts(node, tree).some(isFunction)) found.push({ what: "source text of a function", at: node.from });
    for (const child of node.children) visit(child);
  };
  visit(tree.root);
  return found;
}

/** What is turned into text: `f.toString()`, `String(f)`, `f + ""`, a template. */
function readParts(node: SyntaxNode, tree: SyntaxTree): readonly SyntaxNode[] {
  const [callee, list] = node.children;
  switch (node.name) {
    case "CallExpression":
      if (callee?.name === "VariableName" && sourceText(tree, callee) === "String") return partsOf(list);
      return callee?.name === "MemberExpression" && /\.\s*toString$/u.test(sourceText(tree, callee))
        ? callee.children.slice(0, 1)
        : [];
    case "BinaryExpression":
      return tree.text.slice(callee?.to, node.children.at(-1)?.from).trim() === "+"
        ? [callee, node.children.at(-1)].filter((part) => part !== undefined)
        : [];
    case "Interpolation":
      return node.children;
    default:
      return [];
  }
}

/** Functions and classes of the file, and what it imports. */
function functionNames(tree: SyntaxTree): Set<string> {
  const names = new Set<string>();
  const add = (node: SyntaxNode | undefined) => node !== undefined && names.add(sourceText(tree, node));
  const visit = (node: SyntaxNode): void => {
    if (/^(?:Function|Class)Declaration$/u.test(node.name)) add(childOf(node, "VariableDefinition"));
    if (node.name === "ImportDeclaration")
      for (const part of [node, childOf(node, "ImportGroup")])
        for (const child of part?.children ?? []) if (child.name === "VariableDefinition") add(child);
    if (node.name === "VariableDeclaration")
      for (const [index, part] of partsOf(node).entries())
        if (/^(?:FunctionExpression|ArrowFunction|ClassExpression)$/u.test(part.name)) add(partsOf(node)[index - 2]);
    for (const child of node.children) visit(child);
  };
  visit(tree.root);
  return names;
}
