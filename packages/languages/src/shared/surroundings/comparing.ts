/** What the rules about methods that compare values share: a digest of what such a method does, and the parts of an expression. Pure. */

import { createHash } from "node:crypto";
import { isPlainText, partsOf, printSyntax } from "../../tree/print-syntax.ts";
import type { SyntaxNode } from "../../tree/syntax-node.ts";

/** A digest of what a definition does: without comments, formatting, types of Python and TypeScript, lifetimes, and texts that document it. */
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
  // The mark before a type of Python goes with it.
  return node.children.flatMap((child, at) => (node.children[at + 1]?.name === "type" ? [child] : silentIn(child)));
}

export const withoutSpaces = (text: string): string => text.replaceAll(/\s+/gu, "");

/** The parts of `x && y && (z)`, in brackets or not. */
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
