/** What of a Python test file can become more: tables that are only gone through, and statements that only check something. */

import { childOf, partsOf, printSyntax, sourceText } from "@aedev/languages/tree/print-syntax";
import type { SyntaxNode, SyntaxTree } from "@aedev/languages/tree/syntax-node";
import { changesOthers, type GrowthForm, TableNames } from "../syntax/growth.ts";
import { isPythonCheck } from "./assertions.ts";

export function pythonGrowth(tree: SyntaxTree): GrowthForm {
  const isPlain = (node: SyntaxNode) => !assigns(node) && !changesOthers(tree, node);
  return {
    tables: loopedTables(tree),
    isCheck: (statement) => isPythonCheck(statement, tree) && isPlain(statement),
    isPlain,
  };
}

/** What a table is written as: a list, a tuple or a set. */
const tableNames: readonly string[] = ["ArrayExpression", "TupleExpression", "SetExpression"];

/** Lists in `for … in […]` and `parametrize("…", […])`, and those under a name that is used in no other way. */
function loopedTables(tree: SyntaxTree): ReadonlySet<SyntaxNode> {
  const tables = new Set<SyntaxNode>();
  const named = new TableNames(printSyntax(tree, tree.root));
  const visit = (node: SyntaxNode): void => {
    const looped = loopedIn(node, tree);
    if (looped !== undefined && tableNames.includes(looped.name)) tables.add(looped);
    if (looped?.name === "VariableName") named.use(sourceText(tree, looped));
    const [target, , value] = node.children;
    const isBinding = node.name === "AssignStatement" && node.children.length === 3 && target?.name === "VariableName";
    if (isBinding && value !== undefined && tableNames.includes(value.name))
      named.bind(sourceText(tree, target), value);
    for (const child of node.children) visit(child);
  };
  visit(tree.root);
  for (const table of named.tables()) tables.add(table);
  return new Set([...tables].filter((table) => !table.children.some(({ name }) => name === "*" || name === "**")));
}

/** What a node goes through element by element, checking each. */
function loopedIn(node: SyntaxNode, tree: SyntaxTree): SyntaxNode | undefined {
  const { name, children } = node;
  if (name === "ForStatement") {
    const at = children.findIndex((child) => child.name === "in");
    const body = children[at + 2];
    const isWhole = body?.name === "Body" && body === children.at(-1) && checksSomething(body, tree) && !leaves(body);
    return isWhole ? children[at + 1] : undefined;
  }
  const isTable = /^@\s*(pytest\s*\.\s*)?mark\s*\.\s*parametrize\b/;
  if (name !== "Decorator" || !isTable.test(sourceText(tree, node))) return undefined;
  return partsOf(childOf(node, "ArgList"))[1];
}

function checksSomething(node: SyntaxNode, tree: SyntaxTree): boolean {
  return isPythonCheck(node, tree) || node.children.some((child) => checksSomething(child, tree));
}

/** Ends the loop, or more than it. */
function leaves(node: SyntaxNode): boolean {
  if (/^(?:FunctionDefinition|LambdaExpression)$/.test(node.name)) return false;
  return /^(?:Break|Return|Raise|Yield)Statement$/.test(node.name) || node.children.some(leaves);
}

function assigns(node: SyntaxNode): boolean {
  return (
    /^(?:Named|Yield|Await|ArrayComprehension|SetComprehension|DictionaryComprehension)Expression$/.test(node.name) ||
    node.children.some(assigns)
  );
}
