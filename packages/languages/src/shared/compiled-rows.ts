/**
 * Lists what tests of Go and Rust give and expect together: the rows of tables, the literals of a call, of an assertion or of a comparison, and those of
 * a short test. Nobody says which literal is the input and which the answer.
 */

import { childOf, fieldOf, partsOf } from "../tree/print-syntax.ts";
import type { SyntaxNode } from "../tree/syntax-node.ts";
import { literalOf, literalsIn } from "./literals.ts";

const rowsMax = 4000;
/** A test with more literals checks several things. */
const shortTestMax = 8;
const row =
  /^(?:literal_value|argument_list|binary_expression|tuple_expression|arguments|macro_invocation|struct_expression)$/u;
const closures = /^(?:func_literal|closure_expression)$/u;

/** The literals of each row that has at least two. `tests`: where they are looked for; `headOf`: what of a function says nothing of its rows. */
export function compiledRows(
  tests: readonly SyntaxNode[],
  headOf: (node: SyntaxNode) => readonly SyntaxNode[] = () => [],
): string[][] {
  const found: string[][] = [];
  const add = (literals: readonly string[]): void => {
    if (literals.length >= 2 && found.length < rowsMax) found.push([...literals]);
  };
  const visit = (node: SyntaxNode): void => {
    if (node.name === "keyed_element") add(entryOf(node));
    const parts = partsOf(node);
    const isTable = parts.some((part) => isRow(part) || (node.name !== "literal_value" && hasValue(part)));
    const isGroup = row.test(node.name) || (node.name === "token_tree" && node.children[0]?.name === "(");
    if (isGroup && !isTable && !parts.some(({ name }) => closures.test(name))) add(literalsIn(node));
    if (/^(?:function_declaration|func_literal|function_item)$/u.test(node.name)) {
      const literals = literalsIn(node, new Set(headOf(node)));
      if (literals.length <= shortTestMax) add(literals);
    }
    for (const child of node.children) visit(child);
  };
  for (const node of tests) visit(node);
  return found;
}

/** `{ … }` of Go, alone or behind a key; a value of a named type in a row, such as a list, is a part of it. */
const isRow = (part: SyntaxNode) => part.name === "literal_value" || (part.name === "keyed_element" && hasValue(part));
const hasValue = (part: SyntaxNode) => childOf(part, "literal_value") !== undefined;

/** `"key": value` of Go. */
function entryOf(node: SyntaxNode): string[] {
  const key = fieldOf(node, "key");
  return key === undefined || literalOf(key) === null ? [] : literalsIn(node);
}
