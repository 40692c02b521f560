/**
 * Computes a digest of what a definition does, so that a rewritten definition counts as new even if the base has one of the same name. Pure.
 *
 * Folder: methods by which values of a type compare.
 */
import { createHash } from "node:crypto";
import { isPlainText } from "../../../python/python-syntax.ts";
import { partsOf, printSyntax } from "../../../tree/print-syntax.ts";
import type { SyntaxNode } from "../../../tree/syntax-node.ts";

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
