/**
 * Reads a JavaScript call as a chain: `it.skip.each(table)("name", fn)` has the names `it, skip, each` and the last arguments.
 */
import { fieldOf, isPlainText, partsOf, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode } from "../tree/syntax-node.ts";

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

const wrappers: ReadonlySet<string> = new Set(["parenthesized_expression", "await_expression", "non_null_expression"]);

/** Null unless the node is a call or a property access. */
export function readChain(node: SyntaxNode): CallChain | null {
  const names: string[] = [];
  const inner: SyntaxNode[][] = [];
  let args: SyntaxNode[] | null = null;
  let at: SyntaxNode = node;
  for (;;) {
    const [called, owner] = [fieldOf(at, "function"), fieldOf(at, "object")];
    if (at.name === "call_expression" && called !== undefined) {
      const list = fieldOf(at, "arguments");
      const isTag = list?.name === "template_string";
      // `expect(x)` at the left end starts a chain of claims.
      if (at === node && !isTag) args = partsOf(list);
      else inner.unshift(isTag ? [list] : partsOf(list));
      at = called;
    } else if (owner !== undefined) {
      const property = fieldOf(at, "property");
      names.unshift(property?.name === "property_identifier" ? textOf(property) : "");
      at = owner;
    } else if (wrappers.has(at.name) && at !== node) {
      const [only] = partsOf(at).filter(({ name }) => name !== "await");
      if (only === undefined) break;
      at = only;
    } else break;
  }
  if (at === node) return null;
  names.unshift(at.name === "identifier" || at.name === "this" ? textOf(at) : "");
  return { names, root: at, args, inner };
}

/** The text between the quotes of a plain string, as written; null for any other node. */
export function plainString(node: SyntaxNode | undefined): string | null {
  if (node === undefined) return null;
  return isPlainText(node) ? textOf(node).slice(1, -1) : null;
}

/** The value of a number or a product of numbers; NaN if only a run could show it. */
export function numberOf(node: SyntaxNode | undefined): number {
  if (node === undefined) return Number.NaN;
  const text = textOf(node).replace(/_/g, "");
  if (/^(Infinity|false|null)$/.test(text)) return Number.POSITIVE_INFINITY;
  if (!/^[\d.ex*+\s()-]{1,60}$/i.test(text)) return Number.NaN;
  const factors = text
    .replace(/[()\s]/g, "")
    .split("*")
    .map(Number);
  return factors.reduce((product, factor) => product * factor, 1);
}

/** Properties of an object literal by name. */
export function propertiesOf(node: SyntaxNode | undefined): Map<string, SyntaxNode | undefined> {
  const found = new Map<string, SyntaxNode | undefined>();
  for (const property of node?.name === "object" ? partsOf(node) : []) {
    const key = fieldOf(property, "key") ?? fieldOf(property, "name") ?? property;
    found.set(textOf(key).replace(/^['"]|['"]$/g, ""), fieldOf(property, "value") ?? fieldOf(property, "body"));
  }
  return found;
}
