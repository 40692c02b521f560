/** Reads pieces of Rust's syntax. Pure. */
import { childOf, partsOf, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode } from "../tree/syntax-node.ts";

/** The attributes of an item or statement. */
export const attributesOf = (node: SyntaxNode): SyntaxNode[] =>
  node.children.filter(({ name }) => name === "attribute_item");

/** `cfg(test)` of `#[cfg(test)]`, or of `#![cfg(test)]`. */
export const attributeText = (attribute: SyntaxNode): string => textOf(childOf(attribute, "attribute") ?? attribute);

/** What a statement evaluates, or the item that it is. */
export const expressionIn = (statement: SyntaxNode): SyntaxNode =>
  (statement.name === "expression_statement"
    ? partsOf(statement).find(({ name }) => name !== "attribute_item")
    : undefined) ?? statement;

/** A text, also a raw one. */
export const isRustText = ({ name }: SyntaxNode): boolean => /^(?:raw_)?string_literal$/u.test(name);

/** The names that patterns and items in a piece of code bind. A constant in a pattern looks alike and counts, too. */
export function boundIn(root: SyntaxNode): Set<SyntaxNode> {
  const found = new Set<SyntaxNode>();
  const visit = (node: SyntaxNode, isPattern: boolean): void => {
    if (isPattern && /^(?:shorthand_field_)?identifier$/u.test(node.name)) found.add(node);
    const goesOn = isPattern && /_pattern$/u.test(node.name) && node.name !== "range_pattern";
    for (const child of node.children) {
      const isName =
        child.field === "pattern" ||
        (child.field === "name" && /^(?:function|const|static|mod)_item$/u.test(node.name));
      const isWithin = goesOn && !/^(?:type|condition)$/u.test(child.field ?? "");
      visit(child, isName || isWithin || node.name === "closure_parameters");
    }
  };
  visit(root, false);
  return found;
}
