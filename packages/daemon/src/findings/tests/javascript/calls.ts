/** Reads a call of JavaScript as a chain: `it.skip.each(table)("name", fn)` is the names `it, skip, each` with the last arguments. */
import { childOf, partsOf, textOf } from "../print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../syntax-tree.ts";

export interface CallChain {
  /** Names from the left; the root is empty where it is no plain name. */
  readonly names: readonly string[];
  /** What the whole starts from, such as the call `expect(x)` or a name. */
  readonly root: SyntaxNode;
  /** Arguments of the outermost call; null where the chain ends in a property. */
  readonly args: readonly SyntaxNode[] | null;
  /** Arguments of the calls within, from the left. */
  readonly inner: readonly (readonly SyntaxNode[])[];
}

const wrappers: ReadonlySet<string> = new Set(["ParenthesizedExpression", "AwaitExpression", "NonNullExpression"]);

/** Null for what is no call and no property of something. */
export function readChain(tree: SyntaxTree, node: SyntaxNode): CallChain | null {
  const names: string[] = [];
  const inner: SyntaxNode[][] = [];
  let args: SyntaxNode[] | null = null;
  let at: SyntaxNode = node;
  for (;;) {
    const first = at.children[0];
    if (first === undefined) break;
    if (at.name === "CallExpression") {
      // `expect(x)` at the left end is where a chain of claims starts.
      const given = partsOf(childOf(at, "ArgList"));
      if (at === node) args = given;
      else inner.unshift(given);
      at = first;
    } else if (at.name === "MemberExpression") {
      const property = at.children.at(-1);
      names.unshift(property === undefined ? "" : property.name === "PropertyName" ? textOf(tree, property) : "");
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
  names.unshift(at.name === "VariableName" || at.name === "this" ? textOf(tree, at) : "");
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

/** The text between quotes, as it is written; null for anything but a plain string. */
export function plainString(tree: SyntaxTree, node: SyntaxNode | undefined): string | null {
  if (node === undefined) return null;
  if (node.name === "TemplateString" && node.children.length > 0) return null;
  return node.name === "String" || node.name === "TemplateString" ? textOf(tree, node).slice(1, -1) : null;
}

/** A number as it is computed of literals; NaN for what only a run would show. */
export function numberOf(tree: SyntaxTree, node: SyntaxNode | undefined): number {
  if (node === undefined) return Number.NaN;
  const text = textOf(tree, node).replace(/_/g, "");
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
    if (key !== undefined) found.set(textOf(tree, key).replace(/^['"]|['"]$/g, ""), rest.at(-1));
  }
  return found;
}
