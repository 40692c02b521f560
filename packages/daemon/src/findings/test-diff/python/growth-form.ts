/** What of a Python test file can become more: tables that are only gone through, and statements that only check something. */

import { childOf, partsOf, sourceText } from "@aedev/host/syntax/print-syntax";
import type { SyntaxNode, SyntaxTree } from "@aedev/host/syntax/syntax-tree";
import { changesOthers, type GrowthForm } from "../syntax/growth.ts";
import { isPythonCheck } from "./assertions.ts";

export function pythonGrowth(tree: SyntaxTree): GrowthForm {
  const isPlain = (node: SyntaxNode) => !assigns(node) && !changesOthers(tree, node);
  return {
    tables: loopedTables(tree),
    blocks: /^(?:Body|Script)$/,
    isCheck: (statement) => isPythonCheck(statement, tree) && isPlain(statement),
    isPlain,
  };
}

/** What a table is written as: a list, a tuple or a set. */
const tableNames: readonly string[] = ["ArrayExpression", "TupleExpression", "SetExpression"];

/** Lists in `for … in […]` and `parametrize("…", […])`, and those under a name that is used in no other way. */
function loopedTables(tree: SyntaxTree): ReadonlySet<SyntaxNode> {
  const tables = new Set<SyntaxNode>();
  const named = new Map<string, { values: SyntaxNode[]; uses: number; mentions: number }>();
  const at = (node: SyntaxNode) => {
    const name = sourceText(tree, node);
    const found = named.get(name) ?? { values: [], uses: 0, mentions: 0 };
    named.set(name, found);
    return found;
  };
  const visit = (node: SyntaxNode): void => {
    const looped = loopedIn(node, tree);
    if (looped !== undefined && tableNames.includes(looped.name)) tables.add(looped);
    if (looped?.name === "VariableName") at(looped).uses += 1;
    if (node.name === "VariableName") at(node).mentions += 1;
    const [target, , value] = node.children;
    const isBinding = node.name === "AssignStatement" && node.children.length === 3 && target?.name === "VariableName";
    if (isBinding && value !== undefined && tableNames.includes(value.name)) at(target).values.push(value);
    for (const child of node.children) visit(child);
  };
  visit(tree.root);
  for (const { values, uses, mentions } of named.values())
    if (uses > 0 && mentions === uses + values.length) for (const value of values) tables.add(value);
  return tables;
}

/** What a node goes through element by element. */
function loopedIn(node: SyntaxNode, tree: SyntaxTree): SyntaxNode | undefined {
  const { name, children } = node;
  if (name === "ForStatement") {
    const at = children.findIndex((child) => child.name === "in");
    return children[at + 2]?.name === "Body" ? children[at + 1] : undefined;
  }
  const isTable = /^@\s*(pytest\s*\.\s*)?mark\s*\.\s*parametrize\b/;
  if (name !== "Decorator" || !isTable.test(sourceText(tree, node))) return undefined;
  return partsOf(childOf(node, "ArgList"))[1];
}

function assigns(node: SyntaxNode): boolean {
  return /^(?:Named|Yield)Expression$/.test(node.name) || node.children.some(assigns);
}
