/** Finds the names that a statement of a JavaScript test file binds, each with the code that decides its value. */

import { type GrowthForm, pieceOfNodes } from "../shared/growth.ts";
import { type Binding, syntaxDigest } from "../shared/test-file.ts";
import { childOf, fieldOf, isComment, partsOf, printSyntax, signOf, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode } from "../tree/syntax-node.ts";
import { isAssignment, isClass, isFunction, scriptTargets } from "./javascript-syntax.ts";
import { importedNames } from "./javascript-tests.ts";

/** Whether a statement only imports names of a module. */
export function isImport(statement: SyntaxNode): boolean {
  if (statement.name === "import_statement") return childOf(statement, "import_clause") !== undefined;
  return /^(const|let|var)\s[^=]*=\s*(await\s+import|require)\s*\(\s*['"][^'"]*['"]\s*\)\s*;?$/.test(textOf(statement));
}

/** A declaration's bindings one by one, so that adding a name to a pattern changes no other binding. */
export function variableBindings(declaration: SyntaxNode, { form }: { form: GrowthForm }): Binding[] {
  return partsOf(declaration).flatMap((one) => {
    const target = fieldOf(one, "name");
    const rest = one.children.filter((child) => child !== target && !isComment(child));
    return partsOf(
      target?.name === "object_pattern" ? target : { ...one, children: target === undefined ? [] : [target] },
    ).flatMap((property) => {
      const piece = pieceOfNodes(rest, { form, prefix: printSyntax(property) });
      return scriptTargets(property).map((name) => ({ name: textOf(name), piece }));
    });
  });
}

export function importBindings(declaration: SyntaxNode): Binding[] {
  const source = textOf(fieldOf(declaration, "source") ?? declaration).slice(1, -1);
  return importedNames(declaration).map(({ name, original }) => ({
    name,
    piece: { digest: syntaxDigest(`import ${original} ${source}`), names: new Set(), growth: null },
  }));
}

/** Whether a node does more than load a module or make a value, so that it may change what other code sees. */
export function actsAtOnce(node: SyntaxNode): boolean {
  if (isFunction(node) || isClass(node)) return false;
  if (writes(node)) return true;
  if (
    node.name === "call_expression" &&
    !/^(require(\.resolve)?|createRequire|import|Object\.freeze|String\.raw|path\.(join|resolve)|fileURLToPath|Symbol|(vi|jest|sinon)\.fn|BigInt|Number|String)$/.test(
      textOf(node.children[0] ?? node),
    )
  )
    return true;
  return node.children.some((child) => actsAtOnce(child));
}

/** Whether a node itself sets, counts, deletes or yields something. */
function writes(node: SyntaxNode): boolean {
  return isAssignment(node) || /^(?:update|yield)_expression$/.test(node.name) || signOf(node) === "delete";
}

/** Whether a node or anything inside it writes; a class counts, because it sets its fields. */
export function writesIn(node: SyntaxNode): boolean {
  return writes(node) || isClass(node) || node.children.some(writesIn);
}
