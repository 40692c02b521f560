/** Which parts of a Python test file may grow: tables that are only looped over, and statements that only check. */

import { type GrowthForm, TableNames } from "../shared/growth.ts";
import { childOf, fieldOf, nodesIn, partsOf, printSyntax, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";
import { isPythonCheck } from "./assertions.ts";
import { pythonChangesOthers } from "./python-syntax.ts";

export function pythonGrowth(tree: SyntaxTree): GrowthForm {
  const isPlain = (node: SyntaxNode) => !assigns(node) && !pythonChangesOthers(node);
  return {
    tables: loopedTables(tree),
    isCheck: (statement) => isPythonCheck(statement) && isPlain(statement),
    isPlain,
  };
}

/** What a table is written as: a list, a tuple or a set. */
const tableNames: readonly string[] = ["list", "tuple", "set"];

/** Lists in `for … in […]` and `parametrize("…", […])`, and those under a name that is used in no other way. */
function loopedTables(tree: SyntaxTree): ReadonlySet<SyntaxNode> {
  const tables = new Set<SyntaxNode>();
  const named = new TableNames(printSyntax(tree.root));
  for (const node of nodesIn(tree.root)) {
    const looped = loopedIn(node);
    if (looped !== undefined && tableNames.includes(looped.name)) tables.add(looped);
    if (looped?.name === "identifier") named.use(textOf(looped));
    const [target, , value] = node.children;
    const isBinding = node.name === "assignment" && node.field !== "right" && node.children.length === 3;
    if (isBinding && target?.name === "identifier" && value !== undefined && tableNames.includes(value.name))
      named.bind(textOf(target), value);
  }
  for (const table of named.tables()) tables.add(table);
  return new Set([...tables].filter((table) => !table.children.some(({ name }) => name.includes("splat"))));
}

/** What a node goes through element by element, checking each. */
function loopedIn(node: SyntaxNode): SyntaxNode | undefined {
  if (node.name === "for_statement") {
    const body = fieldOf(node, "body");
    const isWhole = body !== undefined && body === node.children.at(-1) && checksSomething(body) && !leaves(body);
    return isWhole ? fieldOf(node, "right") : undefined;
  }
  const isTable = /^@\s*(pytest\s*\.\s*)?mark\s*\.\s*parametrize\b/;
  if (node.name !== "decorator" || !isTable.test(textOf(node))) return undefined;
  return partsOf(fieldOf(childOf(node, "call"), "arguments"))[1];
}

function checksSomething(node: SyntaxNode): boolean {
  return isPythonCheck(node) || node.children.some((child) => checksSomething(child));
}

/** Ends the loop, or more than it. */
function leaves(node: SyntaxNode): boolean {
  if (/^(?:function_definition|lambda)$/.test(node.name)) return false;
  return /^(?:(?:break|return|raise)_statement|yield)$/.test(node.name) || node.children.some(leaves);
}

function assigns(node: SyntaxNode): boolean {
  return (
    /^(?:named_expression|yield|await|(?:list|set|dictionary)_comprehension)$/.test(node.name) ||
    node.children.some(assigns)
  );
}
