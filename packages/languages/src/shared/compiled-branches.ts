/** Reads literals in Go and Rust: branches that run only for a literal, and the inputs and answers of tests. */

import { childOf, fieldOf, nodesIn, partsIn, partsOf, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";
import { literalOf, literalsIn } from "./literals.ts";

/** Code that runs only for certain inputs, and the literals in it. */
export interface Branch {
  readonly at: SyntaxNode;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** All branches outside tests. */
export function compiledBranches(tree: SyntaxTree, isTest: (node: SyntaxNode) => boolean = () => false): Branch[] {
  const found: Branch[] = [];
  const add = (at: SyntaxNode, inputs: readonly string[], bodies: readonly SyntaxNode[]): void => {
    const outputs = bodies.flatMap((body) => literalsIn(body));
    if (inputs.length > 0 && outputs.length > 0) found.push({ at, inputs, outputs });
  };
  for (const node of nodesIn(tree.root, isTest)) {
    const parts = partsOf(node);
    if (/^if_(?:statement|expression)$/u.test(node.name)) {
      const condition = fieldOf(node, "condition");
      if (condition !== undefined) add(node, comparedIn(condition), partsIn(node, "consequence"));
    } else if (node.name === "expression_case") {
      const values = partsIn(node, "value");
      const inputs = values.flatMap((value) => literalOf(value) ?? comparedIn(value));
      add(
        node,
        inputs,
        parts.filter((part) => !values.includes(part)),
      );
    } else if (node.name === "match_arm") {
      const patterns = partsOf(fieldOf(node, "pattern"));
      add(
        node,
        patterns.flatMap((pattern) => patternLiterals(pattern)),
        partsIn(node, "value"),
      );
    }
  }
  return found;
}

function patternLiterals(pattern: SyntaxNode): string[] {
  if (pattern.field === "condition") return comparedIn(pattern);
  return /_literal$|^(?:or|tuple|tuple_struct)_pattern$/u.test(pattern.name) ? literalsIn(pattern) : [];
}

const comparing =
  /\b(?:HasSuffix|HasPrefix|Contains|EqualFold|Equal|eq|starts_with|ends_with|contains|eq_ignore_ascii_case|matches)$/u;

/** Literals that a value must equal, begin with, end with or contain; comparing a length, a remainder or a calculated value does not count. */
function comparedIn(node: SyntaxNode): string[] {
  const callee = fieldOf(node, "function") ?? fieldOf(node, "macro");
  if (callee !== undefined && comparing.test(textOf(callee)))
    return partsOf(fieldOf(node, "arguments") ?? childOf(node, "token_tree")).flatMap(
      (one) => firstOf(one) ?? comparedIn(one),
    );
  const [left, right] = fieldOf(node, "operator")?.name === "==" ? [fieldOf(node, "left"), fieldOf(node, "right")] : [];
  if (left === undefined || right === undefined) return node.children.flatMap((child) => comparedIn(child));
  const isPlain = (side: SyntaxNode) => !otherQuestion.test(textOf(side).replace(notCalculated, ""));
  const [first, last] = [isPlain(right) ? literalOf(left) : null, isPlain(left) ? firstOf(right) : null];
  return [first ?? comparedIn(left), last ?? comparedIn(right)].flat();
}

/** The literal that an expression begins with: `"a"` in `"a".to_string()`. */
function firstOf(node: SyntaxNode): string | null {
  const [first] = /_expression$/u.test(node.name) ? partsOf(node) : [];
  return literalOf(node) ?? (first === undefined ? null : firstOf(first));
}
/** Comments, strings, and a dereference or borrow at the start. */
const notCalculated = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:[^"\\]|\\.)*"|^[\s(]*[*&]+/gu;
const otherQuestion = /\b(?:len|count)\s*\(|[%*/+]/u;

/** The text of a branch in one line. */
export function branchText({ at }: Branch): string {
  return textOf(at).replace(/\s+/gu, " ").slice(0, 200);
}

const rowsMax = 4000;
/** A test with more literals checks several things. */
const shortTestMax = 8;
const row =
  /^(?:literal_value|argument_list|binary_expression|tuple_expression|arguments|macro_invocation|struct_expression)$/u;
const closures = /^(?:func_literal|closure_expression)$/u;

/** The literals of each row that has at least two. `headOf`: the parts of a function that are not about its rows. */
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

/** Whether a part is Go's `{ … }`, alone or after a key; with a type before it, it is a part of a row. */
const isRow = (part: SyntaxNode) => part.name === "literal_value" || (part.name === "keyed_element" && hasValue(part));
const hasValue = (part: SyntaxNode) => childOf(part, "literal_value") !== undefined;

/** The literals of Go's `"key": value`. */
function entryOf(node: SyntaxNode): string[] {
  const key = fieldOf(node, "key");
  return key === undefined || literalOf(key) === null ? [] : literalsIn(node);
}
