/**
 * Finds branches of Go and Rust that are taken for a literal: `if x == "a"`, `strings.HasSuffix(x, "a")`, `case "a":`, `"a" => …`. What a condition
 * compares is read from its text, in macros too.
 */

import { isTestItem } from "@aedev/languages/rust/rust-tests";
import { fieldOf, partsIn, partsOf, sourceText } from "@aedev/languages/tree/print-syntax";
import type { SyntaxNode, SyntaxTree } from "@aedev/languages/tree/syntax-node";
import { literalOf, literalsIn } from "./syntax/literals.ts";

/** A piece of code that is run for certain inputs only, and the literals in it. */
export interface Branch {
  readonly at: SyntaxNode;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

export function compiledBranches(tree: SyntaxTree): Branch[] {
  const found: Branch[] = [];
  const add = (at: SyntaxNode, inputs: readonly string[], bodies: readonly SyntaxNode[]): void => {
    const outputs = bodies.flatMap((body) => literalsIn(body, tree));
    if (inputs.length > 0 && outputs.length > 0) found.push({ at, inputs, outputs });
  };
  const visit = (node: SyntaxNode): void => {
    if (isTestItem(tree, node)) return;
    const parts = partsOf(node);
    if (node.name === "if_statement") {
      const condition = fieldOf(node, "condition");
      if (condition !== undefined) add(node, comparedIn(condition, tree), partsIn(node, "consequence"));
    } else if (node.name === "IfExpression") {
      const block = parts.findIndex(({ name }) => name === "Block");
      const condition = parts[block - 1];
      if (condition !== undefined) add(node, comparedIn(condition, tree), parts.slice(block, block + 1));
    } else if (node.name === "expression_case") {
      const values = partsIn(node, "value");
      const inputs = values.flatMap((value) => literalOf(value, tree) ?? comparedIn(value, tree));
      add(
        node,
        inputs,
        parts.filter((part) => !values.includes(part)),
      );
    } else if (node.name === "MatchArm") {
      const arrow = node.children.findIndex(({ name }) => name === "=>");
      const patterns = node.children.slice(0, Math.max(arrow, 0));
      add(
        node,
        patterns.flatMap((pattern) => patternLiterals(pattern, tree)),
        node.children.slice(arrow + 1),
      );
    }
    for (const child of node.children) visit(child);
  };
  visit(tree.root);
  return found;
}

function patternLiterals(pattern: SyntaxNode, tree: SyntaxTree): string[] {
  if (pattern.name === "Guard") return comparedIn(pattern, tree);
  return /^(?:Literal|Or|Tuple)Pattern$/u.test(pattern.name) ? literalsIn(pattern, tree) : [];
}

const comparing =
  /\b(?:HasSuffix|HasPrefix|Contains|EqualFold|Equal|eq|starts_with|ends_with|contains|eq_ignore_ascii_case|matches!)\s*\((?:[^()]|\([^()]*\))*$/u;
/** Longer operands are not read. */
const operandMax = 400;

/** Literals that something is compared with for equality, or is asked to begin with, end with or contain; the length of a list, the rest of a division and what is calculated are other questions. */
function comparedIn(condition: SyntaxNode, tree: SyntaxTree): string[] {
  const found: string[] = [];
  const visit = (node: SyntaxNode): void => {
    const literal = literalOf(node, tree);
    if (literal === null) {
      for (const child of node.children) visit(child);
      return;
    }
    const before = tree.text.slice(Math.max(condition.from, node.from - operandMax), node.from);
    const after = tree.text.slice(node.to, Math.min(condition.to, node.to + operandMax));
    const left = /(?:^|&&|\|\|)((?:[^&|]|&(?!&)|\|(?!\|))*)==[\s&]*$/u.exec(before)?.[1];
    const right = operandBegins.test(before) ? /^\s*==((?:[^&|]|&(?!&)|\|(?!\|))*)/u.exec(after)?.[1] : undefined;
    const isCompared = [left, right].some(
      (other) => other !== undefined && !otherQuestion.test(other.replace(notCalculated, "")),
    );
    if (isCompared || comparing.test(before)) found.push(literal);
  };
  visit(condition);
  return found;
}
const operandBegins = /(?:^|&&|\|\||\(|\bif|\bcase)\s*$/u;
/** Comments, texts, and a dereference or borrow at the start. */
const notCalculated = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:[^"\\]|\\.)*"|^[\s(]*[*&]+/gu;
const otherQuestion = /\b(?:len|count)\s*\(|[%*/+]/u;

/** The text of a branch in one line. */
export function branchText(tree: SyntaxTree, { at }: Branch): string {
  return sourceText(tree, at).replace(/\s+/gu, " ").slice(0, 200);
}
