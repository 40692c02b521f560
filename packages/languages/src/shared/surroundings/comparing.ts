/** Helpers for the rules about comparing methods: a digest of a method, and the parts of an expression. Pure. */

import { createHash } from "node:crypto";
import { isPlainText, partsOf, printSyntax } from "../../tree/print-syntax.ts";
import type { SyntaxNode } from "../../tree/syntax-node.ts";

/** A digest of a definition without comments, formatting, types, lifetimes and documentation, so that it changes only if the code does. */
export function definitionDigest(node: SyntaxNode): string {
  return createHash("sha256")
    .update(printSyntax(node, new Set(silentIn(node))))
    .digest("base64url")
    .slice(0, 22);
}

function silentIn(node: SyntaxNode): SyntaxNode[] {
  const isText = node.name === "expression_statement" && node.children.every(isPlainText);
  const parts = partsOf(node);
  const areLifetimes = node.name === "type_parameters" && parts.every(({ name }) => name === "lifetime_parameter");
  if (isText || areLifetimes || /^(?:type|\w+_annotation|lifetime)$/u.test(node.name)) return [node];
  // In Python, the mark before a type is left out with it.
  return node.children.flatMap((child, at) => (node.children[at + 1]?.name === "type" ? [child] : silentIn(child)));
}

export const withoutSpaces = (text: string): string => text.replaceAll(/\s+/gu, "");

/** The operands of `x && y && (z)`, without their brackets. */
export function piecesOf(text: string, sign: "&&" | "||"): string[] {
  let [depth, from] = [0, 0];
  const pieces: string[] = [];
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === "(") depth += 1;
    if (text[at] === ")") depth -= 1;
    if (depth !== 0 || !text.startsWith(sign, at)) continue;
    pieces.push(text.slice(from, at));
    from = at + sign.length;
  }
  pieces.push(text.slice(from));
  return pieces.flatMap((piece) => (isBracketed.test(piece) ? piecesOf(piece.slice(1, -1), sign) : [piece]));
}

/** `(x)`, but not `(x)+(y)`. */
const isBracketed = /^\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)$/u;
