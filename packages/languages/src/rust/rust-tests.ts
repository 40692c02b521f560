/**
 * Recognizes tests and test modules in Rust, for every reader of Rust. Pure.
 */

import { childOf, fieldOf, partsOf, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";

const forTests = /^cfg\s*\(\s*test\s*\)$/u;
const lint = /^(?:allow|warn|deny|expect)\s*\(/u;

/** Whether an attribute is `#[cfg(test)]`, so that its item is compiled for tests only. */
export const isForTestsOnly = (attribute: SyntaxNode) => forTests.test(attributeText(attribute));

/** Whether an attribute only sets lints for tests: `#![cfg_attr(test, deny(warnings))]`, `#![doc(test(…))]`. */
export const isLintForTests = (attribute: SyntaxNode) =>
  /^(?:cfg_attr\s*\(\s*(?:not\s*\(\s*test\s*\)|test)\s*,\s*(?:(?:allow|warn|deny|forbid|expect)\s*\([\w:,\s]*\)\s*(?:,\s*)?)+\)|doc\s*\(\s*test\s*\([^"]*\)\s*\))$/u.test(
    attributeText(attribute),
  );

/** Whether a module is under `#[cfg(test)]`, with no other attributes but lints, so that all its content belongs to the tests. */
export function isTestModule(node: SyntaxNode): boolean {
  if (node.name !== "mod_item") return false;
  const attributes = attributesOf(node);
  return (
    attributes.some((one) => isForTestsOnly(one)) &&
    attributes.every((one) => isForTestsOnly(one) || lint.test(attributeText(one)))
  );
}

/** Whether the attributes make a function a test: `#[test]`, `#[tokio::test]`, or a case of rstest or test_case. */
export const marksTest = (attributes: readonly SyntaxNode[]) =>
  attributes.some((one) => /^(?:\w+\s*::\s*)*(?:test|rstest|test_case|case)\b/u.test(attributeText(one)));

/** Whether an item is a test or is compiled for tests only. */
export function isTestItem(node: SyntaxNode): boolean {
  const attributes = attributesOf(node);
  const needsTest = (one: SyntaxNode) => /^cfg\s*\((?:\s*all\s*\()?\s*test\s*[,)]/u.test(attributeText(one));
  return marksTest(attributes) || attributes.some(needsTest);
}

const panics = /\b(?:should_panic|panics?)\b/u;

/** Whether a test with these attributes, or one of its cases, passes only if it panics. */
export const mustPanic = (attributes: readonly SyntaxNode[]) =>
  attributes.some((one) => panics.test(attributeText(one)));

/** The text of all tests that must panic, including tests that macros make, and of the functions, statics and constants that they name. */
export function panickingTests(tree: SyntaxTree): string {
  const others = new Map<string, string[]>();
  const textsIn = (node: SyntaxNode): string[] => {
    const text = textOf(node);
    const isPanicking =
      (node.name === "macro_invocation" && panics.test(text)) ||
      (node.name === "function_item" && /\bcatch_unwind\b/u.test(text)) ||
      mustPanic(attributesOf(node));
    if (isPanicking) return [text];
    const name = /^(?:function|static|const)_item$/u.test(node.name) ? fieldOf(node, "name") : undefined;
    if (name !== undefined) others.set(textOf(name), [...(others.get(textOf(name)) ?? []), text]);
    return node.children.flatMap(textsIn);
  };
  const found = textsIn(tree.root);
  for (const text of found)
    for (const name of new Set(text.match(/\w+/gu))) {
      found.push(...(others.get(name) ?? []));
      others.delete(name);
    }
  return found.join("\n");
}

/** The attributes of an item or statement. */
export const attributesOf = (node: SyntaxNode): SyntaxNode[] =>
  node.children.filter(({ name }) => name === "attribute_item");

/** The text inside an attribute: `cfg(test)` in `#[cfg(test)]` or `#![cfg(test)]`. */
export const attributeText = (attribute: SyntaxNode): string => textOf(childOf(attribute, "attribute") ?? attribute);

/** The expression of a statement, or the item that it is. */
export const expressionIn = (statement: SyntaxNode): SyntaxNode =>
  (statement.name === "expression_statement"
    ? partsOf(statement).find(({ name }) => name !== "attribute_item")
    : undefined) ?? statement;

/** Whether a node is a string literal, raw or not. */
export const isRustText = ({ name }: SyntaxNode): boolean => /^(?:raw_)?string_literal$/u.test(name);

/** The names that patterns and items bind. A constant in a pattern looks the same and counts too. */
export function boundIn(root: SyntaxNode): Set<SyntaxNode> {
  const found = new Set<SyntaxNode>();
  const visit = (node: SyntaxNode, isPattern: boolean): void => {
    if (isPattern && /^(?:shorthand_field_)?identifier$/u.test(node.name)) found.add(node);
    const isNested = isPattern && /_pattern$/u.test(node.name) && node.name !== "range_pattern";
    for (const child of node.children) {
      const isName =
        child.field === "pattern" ||
        (child.field === "name" && /^(?:function|const|static|mod)_item$/u.test(node.name));
      const isWithin = isNested && !/^(?:type|condition)$/u.test(child.field ?? "");
      visit(child, isName || isWithin || node.name === "closure_parameters");
    }
  };
  visit(root, false);
  return found;
}
