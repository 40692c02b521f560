/** What of a JavaScript test file can become more: tables that are only gone through, and statements that only check something. */

import { partsOf, sourceText } from "@aedev/host/syntax/print-syntax";
import type { SyntaxNode, SyntaxTree } from "@aedev/host/syntax/syntax-tree";
import { changesOthers, type GrowthForm } from "../syntax/growth.ts";
import { isJavascriptCheck } from "./assertions.ts";

export function javascriptGrowth(tree: SyntaxTree): GrowthForm {
  const isPlain = (node: SyntaxNode) => !assigns(node) && !changesOthers(tree, node);
  return {
    tables: loopedTables(tree),
    blocks: /^(?:Block|Script|SwitchBody)$/,
    isCheck: (statement) =>
      statement.name === "ExpressionStatement" && isJavascriptCheck(statement, tree) && isPlain(statement),
    isPlain,
  };
}

/** Lists in `for (… of […])`, `[…].forEach(…)` and `.each([…])`, and those under a name that is used in no other way but for its length. */
function loopedTables(tree: SyntaxTree): ReadonlySet<SyntaxNode> {
  const tables = new Set<SyntaxNode>();
  const named = new Map<string, { defined: number; values: SyntaxNode[]; uses: number; mentions: number }>();
  const at = (node: SyntaxNode) => {
    const name = sourceText(tree, node);
    const found = named.get(name) ?? { defined: 0, values: [], uses: 0, mentions: 0 };
    named.set(name, found);
    return found;
  };
  const visit = (node: SyntaxNode): void => {
    const used = loopedIn(node, tree) ?? measuredIn(node, tree);
    if (used?.name === "ArrayExpression" && node.name !== "MemberExpression") tables.add(used);
    if (used?.name === "VariableName") at(used).uses += 1;
    if (node.name === "VariableName") at(node).mentions += 1;
    if (node.name === "VariableDefinition") at(node).defined += 1;
    if (node.name === "VariableDeclaration" && node.children[0]?.name === "const")
      for (const { definition, value } of definitions(node)) at(definition).values.push(value);
    for (const child of node.children) visit(child);
  };
  visit(tree.root);
  for (const { defined, values, uses, mentions } of named.values())
    if (values.length > 0 && values.length === defined && mentions > 0 && uses === mentions)
      for (const value of values) tables.add(value);
  return tables;
}

/** What a node goes through element by element. */
function loopedIn(node: SyntaxNode, tree: SyntaxTree): SyntaxNode | undefined {
  const { name, children } = node;
  if (name === "ForOfSpec") return children[children.findIndex((child) => child.name === "of") + 1];
  if (name !== "CallExpression") return undefined;
  const [callee, given] = children;
  const property = (member: SyntaxNode | undefined) =>
    member?.name === "MemberExpression" && member.children.at(-1)?.name === "PropertyName"
      ? sourceText(tree, member.children.at(-1) ?? member)
      : "";
  if (property(callee) === "forEach") return callee?.children[0];
  return /^(?:each|for)$/.test(property(callee)) ? partsOf(given)[0] : undefined;
}

/** What a node asks the length of. */
function measuredIn({ name, children }: SyntaxNode, tree: SyntaxTree): SyntaxNode | undefined {
  const last = children.at(-1);
  return name === "MemberExpression" && last !== undefined && sourceText(tree, last) === "length"
    ? children[0]
    : undefined;
}

/** `const name = […]`, also behind a type and before `as const`. */
function definitions({ children }: SyntaxNode): { definition: SyntaxNode; value: SyntaxNode }[] {
  return children.flatMap((child, index) => {
    const definition = children.slice(0, index).findLast(({ name }) => name === "VariableDefinition" || name === ",");
    if (children[index - 1]?.name !== "Equals" || definition?.name !== "VariableDefinition") return [];
    const value = child.name === "BinaryExpression" && child.children[1]?.name === "as" ? child.children[0] : child;
    return value?.name === "ArrayExpression" ? [{ definition, value }] : [];
  });
}

function assigns(node: SyntaxNode): boolean {
  return (
    /^(?:Assignment|Update|Postfix|Yield|Class)Expression$|Declaration$|^delete$/.test(node.name) ||
    node.children.some(assigns)
  );
}
