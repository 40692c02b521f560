/** What a path of members such as `a.b[c]` starts with, and whether code mentions one: the same in JavaScript and Python. Pure. */
import { isVariable } from "../../../python/python-syntax.ts";
import { partsOf, textOf } from "../../../tree/print-syntax.ts";
import type { SyntaxNode } from "../../../tree/syntax-node.ts";

/** `a` of `a.b[c].d`; of a call, the call itself. */
export function rootOf(node: SyntaxNode): SyntaxNode {
  let at = node;
  for (;;) {
    const isMember = memberNode.test(at.name);
    const inner = isMember ? at.children[0] : at.name === "parenthesized_expression" ? partsOf(at)[0] : undefined;
    if (inner === undefined) return at;
    at = inner;
  }
}

/** Whether `text`, a name or a path of members, is used in `node`. */
export function mentions(node: SyntaxNode | undefined, text: string): boolean {
  if (node === undefined) return false;
  const isUse = isVariable(node) || node.name === "shorthand_property_identifier" || memberNode.test(node.name);
  if (isUse && textOf(node) === text) return true;
  return node.children.some((child) => mentions(child, text));
}

const memberNode = /^(?:(?:member|subscript)_expression|attribute|subscript)$/u;
