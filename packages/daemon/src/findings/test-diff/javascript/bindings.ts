/** Names that a statement of a JavaScript test file binds, each with the text that decides what it is. */

import { isFunction } from "@aedev/languages/javascript/javascript-calls";
import { childOf, isComment, partsOf, printSyntax, sourceText } from "@aedev/languages/tree/print-syntax";
import type { SyntaxNode, SyntaxTree } from "@aedev/languages/tree/syntax-node";
import { type GrowthForm, pieceOfNodes } from "../syntax/growth.ts";
import { type Binding, type Piece, syntaxDigest } from "../syntax/test-file.ts";

/** Imports names of a module and does nothing else with them. */
export function isImport(statement: SyntaxNode, tree: SyntaxTree): boolean {
  if (statement.name === "ImportDeclaration")
    return childOf(statement, "ImportGroup", "VariableDefinition") !== undefined;
  return /^(const|let|var)\s[^=]*=\s*(await\s+import|require)\s*\(\s*['"][^'"]*['"]\s*\)\s*;?$/.test(
    sourceText(tree, statement),
  );
}

/** Binding by binding, so that adding a name to a pattern changes none of the others. */
export function variableBindings(
  declaration: SyntaxNode,
  { tree, form }: { tree: SyntaxTree; form: GrowthForm },
): Binding[] {
  const found: Binding[] = [];
  const parts = declaration.children.slice(1).filter((part) => !isComment(part));
  let start = 0;
  for (let index = 0; index <= parts.length; index += 1) {
    if (index < parts.length && parts[index]?.name !== "," && parts[index]?.name !== ";") continue;
    const [target, ...rest] = parts.slice(start, index);
    start = index + 1;
    if (target === undefined) continue;
    const properties = target.name === "ObjectPattern" ? partsOf(target) : [target];
    for (const property of properties) {
      const piece = pieceOfNodes(rest, { tree, form, prefix: printSyntax(tree, property) });
      for (const name of definedIn(property, tree)) found.push({ name, piece });
    }
  }
  return found;
}

export function importBindings(declaration: SyntaxNode, tree: SyntaxTree): Binding[] {
  const source = sourceText(tree, childOf(declaration, "String") ?? declaration).slice(1, -1);
  const piece = (original: string): Piece => ({
    digest: syntaxDigest(`import ${original} ${source}`),
    names: new Set(),
    growth: null,
  });
  const found: Binding[] = [];
  let original: string | null = null;
  for (const part of [declaration, ...declaration.children.filter(({ name }) => name === "ImportGroup")])
    for (const child of part.children) {
      if (child.name === "VariableName") original = sourceText(tree, child);
      else if (child.name === "Star") original = "*";
      else if (child.name === "VariableDefinition") {
        const name = sourceText(tree, child);
        // Outside of braces, it is the module's default export.
        found.push({ name, piece: piece(original ?? (part === declaration ? "default" : name)) });
        original = null;
      }
    }
  return found;
}

function definedIn(node: SyntaxNode, tree: SyntaxTree): string[] {
  if (node.name === "VariableDefinition") return [sourceText(tree, node)];
  return isFunction(node) ? [] : node.children.flatMap((child) => definedIn(child, tree));
}

/** True if it does more than load a module or make a value: the initialiser may change what others see. */
export function actsAtOnce(node: SyntaxNode, tree: SyntaxTree): boolean {
  if (isFunction(node) || node.name === "ClassExpression") return false;
  if (writes(node, tree)) return true;
  if (
    node.name === "CallExpression" &&
    !/^(require(\.resolve)?|createRequire|import|Object\.freeze|String\.raw|path\.(join|resolve)|fileURLToPath|Symbol|(vi|jest|sinon)\.fn|BigInt|Number|String)$/.test(
      sourceText(tree, node.children[0] ?? node),
    )
  )
    return true;
  return node.children.some((child) => actsAtOnce(child, tree));
}

/** Whether a node itself sets, counts, deletes or yields something. */
function writes(node: SyntaxNode, tree: SyntaxTree): boolean {
  if (node.name === "UnaryExpression") return /^(?:\+\+|--|delete\b)/.test(sourceText(tree, node));
  return /^(?:Assignment|Postfix|Yield)Expression$/.test(node.name);
}

/** The same for anything in it; a class counts, because its fields are set. */
export function writesIn(node: SyntaxNode, tree: SyntaxTree): boolean {
  return writes(node, tree) || /^Class/.test(node.name) || node.children.some((child) => writesIn(child, tree));
}
