/** Which parts of a JavaScript test file may grow: tables that are only looped over, statements that only check, and harmless statements at a test's end. */

import { type GrowthForm, statementsIn, TableNames } from "../shared/growth.ts";
import type { FoundStatements, Piece } from "../shared/test-file.ts";
import { childOf, fieldOf, namesIn, partsOf, printSyntax, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";
import { isJavascriptCheck, isJavascriptClaim } from "./assertions.ts";
import {
  allDeclared,
  isFunction,
  isVariableDeclaration,
  scriptChangesOthers,
  scriptParameters,
} from "./javascript-syntax.ts";
import { writesIn } from "./test-bindings.ts";

export function javascriptGrowth(tree: SyntaxTree): GrowthForm {
  const isPlain = (node: SyntaxNode) => !writesIn(node) && !waitsOrDeclares(node) && !scriptChangesOthers(node);
  return {
    tables: loopedTables(tree),
    isCheck: (statement) =>
      statement.name === "expression_statement" && isJavascriptCheck(statement) && isPlain(statement),
    isPlain,
  };
}

/** Lists in `for (… of […])`, `[…].forEach(…)` and `test.each([…])`, also behind a name that the file uses in no other way. */
function loopedTables(tree: SyntaxTree): ReadonlySet<SyntaxNode> {
  const tables = new Set<SyntaxNode>();
  const named = new TableNames(printSyntax(tree.root));
  const visit = (node: SyntaxNode): void => {
    const looped = loopedIn(node);
    if (looped?.name === "array") tables.add(looped);
    if (looped?.name === "identifier") named.use(textOf(looped));
    const declared = fieldOf(node, "declaration");
    // Other files may use an exported list.
    if (declared !== undefined && isVariableDeclaration(declared)) return;
    if (fieldOf(node, "kind")?.name === "const") for (const one of partsOf(node)) bindTable(one, named);
    for (const child of node.children) visit(child);
  };
  visit(tree.root);
  for (const table of named.tables()) tables.add(table);
  return new Set([...tables].filter((table) => childOf(table, "spread_element") === undefined));
}

/** The value that a node loops over if it checks each element. */
function loopedIn(node: SyntaxNode): SyntaxNode | undefined {
  if (node.name === "for_in_statement") {
    const body = fieldOf(node, "body");
    const isWhole = body !== undefined && checksSomething(body) && !leaves(body);
    return isWhole && fieldOf(node, "operator")?.name === "of" ? fieldOf(node, "right") : undefined;
  }
  const callee = fieldOf(node, "function");
  const last = fieldOf(callee, "property");
  const property = last?.name === "property_identifier" ? textOf(last) : "";
  const [first] = partsOf(fieldOf(node, "arguments"));
  if (property === "forEach" && first !== undefined) {
    const isWhole = isFunction(first) && scriptParameters(first).length === 1 && checksSomething(first);
    return isWhole ? fieldOf(callee, "object") : undefined;
  }
  const isTest = callee !== undefined && /^(?:it|test|describe|suite|context|specify|bench)\b/.test(textOf(callee));
  return isTest && /^(?:each|for)$/.test(property) ? first : undefined;
}

function checksSomething(node: SyntaxNode): boolean {
  if (node.name === "call_expression" && /^(?:it|test|specify|t\.test)\s*[.(]/.test(textOf(node))) return true;
  if (node.name === "expression_statement" ? isJavascriptCheck(node) : isJavascriptClaim(node)) return true;
  return node.children.some((child) => checksSomething(child));
}

/** Whether a node ends its loop early. */
function leaves(node: SyntaxNode): boolean {
  if (isFunction(node)) return false;
  return /^(?:break|return|throw)_statement$/.test(node.name) || node.children.some(leaves);
}

/** Notes the table of `name = […]`, with or without a type or `as const`. */
function bindTable(declarator: SyntaxNode, named: TableNames): void {
  const [name, given] = [fieldOf(declarator, "name"), fieldOf(declarator, "value")];
  const value = given?.name === "as_expression" ? given.children[0] : given;
  if (name?.name === "identifier" && value?.name === "array") named.bind(textOf(name), value);
}

/** Whether a node waits or declares, so that later code may see something else. */
function waitsOrDeclares({ name, children }: SyntaxNode): boolean {
  return /^(?:await_expression|for_in_statement)$|_declaration$/.test(name) || children.some(waitsOrDeclares);
}

/** `block`: the test's body. `pieceWithout`: the test without some of its statements. */
export function javascriptStatements(
  block: SyntaxNode,
  { form }: { form: GrowthForm },
  pieceWithout: (extra: ReadonlySet<SyntaxNode>) => Piece,
): FoundStatements {
  return statementsIn(partsOf(block), form, {
    pieceWithout,
    mayFollow: (extra, before) => {
      const read = new Set(before.flatMap((node) => [...namesIn(node)]));
      // A later declaration hides an outer name in the whole block.
      const hides = (node: SyntaxNode) => allDeclared(node).some((name) => read.has(textOf(name)));
      return extra.every((node) => isLocal(node) && !scriptChangesOthers(node) && !hides(node));
    },
  });
}

/** Whether a statement is a declaration or an assertion; any other may reach code that the first statements left to run later. */
function isLocal(node: SyntaxNode): boolean {
  if (node.name === "expression_statement") return isJavascriptCheck(node) && !writesIn(node);
  return node.name === "lexical_declaration" && !writesIn(node);
}
