/** What of a JavaScript test file can become more: tables that are only gone through, and statements that only check something. */

import { isFunction } from "@aedev/languages/javascript/javascript-calls";
import { childOf, partsOf, printSyntax, sourceText } from "@aedev/languages/tree/print-syntax";
import type { SyntaxNode, SyntaxTree } from "@aedev/languages/tree/syntax-node";
import { changesOthers, type GrowthForm, TableNames } from "../syntax/growth.ts";
import { isJavascriptCheck, isJavascriptClaim } from "./assertions.ts";
import { writesIn } from "./bindings.ts";

export function javascriptGrowth(tree: SyntaxTree): GrowthForm {
  const isPlain = (node: SyntaxNode) => !assigns(node, tree) && !changesOthers(tree, node);
  return {
    tables: loopedTables(tree),
    isCheck: (statement) =>
      statement.name === "ExpressionStatement" && isJavascriptCheck(statement, tree) && isPlain(statement),
    isPlain,
  };
}

/** Lists in `for (… of […])`, `[…].forEach(…)` and `test.each([…])`, and those under a name that is used in no other way. */
function loopedTables(tree: SyntaxTree): ReadonlySet<SyntaxNode> {
  const tables = new Set<SyntaxNode>();
  const named = new TableNames(printSyntax(tree, tree.root));
  const visit = (node: SyntaxNode): void => {
    const looped = loopedIn(node, tree);
    if (looped?.name === "ArrayExpression") tables.add(looped);
    if (looped?.name === "VariableName") named.use(sourceText(tree, looped));
    // What is exported, others may use.
    if (node.name === "ExportDeclaration" && node.children[1]?.name === "VariableDeclaration") return;
    if (node.name === "VariableDeclaration" && node.children[0]?.name === "const")
      for (const { definition, value } of definitions(node)) named.bind(sourceText(tree, definition), value);
    for (const child of node.children) visit(child);
  };
  visit(tree.root);
  for (const table of named.tables()) tables.add(table);
  return new Set(
    [...tables].filter((table) => !table.children.some(({ name }) => name === "Spread" || name === "...")),
  );
}

/** What a node goes through element by element, checking each. */
function loopedIn(node: SyntaxNode, tree: SyntaxTree): SyntaxNode | undefined {
  const { name, children } = node;
  if (name === "ForStatement") {
    const spec = childOf(node, "ForOfSpec");
    const body = children.at(-1);
    const isWhole = body !== undefined && checksSomething(body, tree) && !leaves(body);
    return isWhole ? spec?.children[spec.children.findIndex((child) => child.name === "of") + 1] : undefined;
  }
  if (name !== "CallExpression") return undefined;
  const [callee, given] = children;
  const last = callee?.name === "MemberExpression" ? callee.children.at(-1) : undefined;
  const property = last?.name === "PropertyName" ? sourceText(tree, last) : "";
  const [first] = partsOf(given);
  if (property === "forEach" && first !== undefined) {
    const parameters = partsOf(childOf(first, "ParamList"));
    const isWhole = isFunction(first) && parameters.length === 1 && checksSomething(first, tree);
    return isWhole ? callee?.children[0] : undefined;
  }
  const isTest =
    callee !== undefined && /^(?:it|test|describe|suite|context|specify|bench)\b/.test(sourceText(tree, callee));
  return isTest && /^(?:each|for)$/.test(property) ? first : undefined;
}

function checksSomething(node: SyntaxNode, tree: SyntaxTree): boolean {
  if (node.name === "CallExpression" && /^(?:it|test|specify|t\.test)\s*[.(]/.test(sourceText(tree, node))) return true;
  if (node.name === "ExpressionStatement" ? isJavascriptCheck(node, tree) : isJavascriptClaim(node, tree)) return true;
  return node.children.some((child) => checksSomething(child, tree));
}

/** Ends the loop, or more than it. */
function leaves(node: SyntaxNode): boolean {
  if (isFunction(node)) return false;
  return /^(?:Break|Return|Throw)Statement$/.test(node.name) || node.children.some(leaves);
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

/** Writes, waits or declares, so that what comes after it may see something else. */
function assigns(node: SyntaxNode, tree: SyntaxTree): boolean {
  return writesIn(node, tree) || waitsOrDeclares(node);
}

function waitsOrDeclares({ name, children }: SyntaxNode): boolean {
  return /^AwaitExpression$|Declaration$|^For(?:Of|In)Spec$/.test(name) || children.some(waitsOrDeclares);
}
