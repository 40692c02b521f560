/**
 * Reads a JavaScript call as a chain: `it.skip.each(table)("name", fn)` has the names `it, skip, each` and the last arguments.
 *
 * Folder: calls and tests in JavaScript.
 */
import { childOf, partsOf, sourceText } from "../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";

export interface CallChain {
  /** Names from the left; the root is empty if it is not a plain name. */
  readonly names: readonly string[];
  /** The start of the chain, such as the call `expect(x)` or a name. */
  readonly root: SyntaxNode;
  /** Arguments of the outermost call; null if the chain ends in a property. */
  readonly args: readonly SyntaxNode[] | null;
  /** Arguments of the inner calls, from the left. */
  readonly inner: readonly (readonly SyntaxNode[])[];
}

const wrappers: ReadonlySet<string> = new Set(["ParenthesizedExpression", "AwaitExpression", "NonNullExpression"]);

/** Null for anything but a call or a property access. */
export function readChain(tree: SyntaxTree, node: SyntaxNode): CallChain | null {
  const names: string[] = [];
  const inner: SyntaxNode[][] = [];
  let args: SyntaxNode[] | null = null;
  let at: SyntaxNode = node;
  for (;;) {
    const first = at.children[0];
    if (first === undefined) break;
    if (at.name === "CallExpression") {
      // `expect(x)` at the left end starts a chain of claims.
      const given = partsOf(childOf(at, "ArgList"));
      if (at === node) args = given;
      else inner.unshift(given);
      at = first;
    } else if (at.name === "MemberExpression") {
      const property = at.children.at(-1);
      names.unshift(property === undefined ? "" : property.name === "PropertyName" ? sourceText(tree, property) : "");
      at = first;
    } else if (at.name === "TaggedTemplateExpression") {
      inner.unshift([...at.children.slice(1)]);
      at = first;
    } else if (wrappers.has(at.name) && at !== node) {
      const [only] = partsOf(at).filter(({ name }) => name !== "await");
      if (only === undefined) break;
      at = only;
    } else break;
  }
  if (at === node) return null;
  names.unshift(at.name === "VariableName" || at.name === "this" ? sourceText(tree, at) : "");
  return { names, root: at, args, inner };
}

const functions: ReadonlySet<string> = new Set([
  "ArrowFunction",
  "FunctionExpression",
  "FunctionDeclaration",
  "MethodDeclaration",
]);
export function isFunction(node: SyntaxNode | undefined): boolean {
  return node !== undefined && functions.has(node.name);
}

/** The text between quotes, as written; null for anything but a plain string. */
export function plainString(tree: SyntaxTree, node: SyntaxNode | undefined): string | null {
  if (node === undefined) return null;
  if (node.name === "TemplateString" && node.children.length > 0) return null;
  return node.name === "String" || node.name === "TemplateString" ? sourceText(tree, node).slice(1, -1) : null;
}

/** The value of a number made of literals; NaN if only a run could show it. */
export function numberOf(tree: SyntaxTree, node: SyntaxNode | undefined): number {
  if (node === undefined) return Number.NaN;
  const text = sourceText(tree, node).replace(/_/g, "");
  if (/^(Infinity|false|null)$/.test(text)) return Number.POSITIVE_INFINITY;
  if (!/^[\d.ex*+\s()-]{1,60}$/i.test(text)) return Number.NaN;
  const factors = text
    .replace(/[()\s]/g, "")
    .split("*")
    .map(Number);
  return factors.reduce((product, factor) => product * factor, 1);
}

/** Properties of an object literal by name. */
export function propertiesOf(tree: SyntaxTree, node: SyntaxNode | undefined): Map<string, SyntaxNode | undefined> {
  const found = new Map<string, SyntaxNode | undefined>();
  if (node?.name !== "ObjectExpression") return found;
  for (const property of partsOf(node)) {
    const [key, ...rest] = partsOf(property);
    if (key !== undefined) found.set(sourceText(tree, key).replace(/^['"]|['"]$/g, ""), rest.at(-1));
  }
  return found;
}
