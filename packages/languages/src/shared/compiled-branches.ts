/**
 * Finds branches of Go and Rust that are taken for a literal: `if x == "a"`, `strings.HasSuffix(x, "a")`, `case "a":`, `"a" => …`.
 */

import { childOf, fieldOf, partsIn, partsOf, sourceText } from "../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";
import { literalOf, literalsIn } from "./literals.ts";

/** A piece of code that is run for certain inputs only, and the literals in it. */
export interface Branch {
  readonly at: SyntaxNode;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** `isTest`: what is not searched. */
export function compiledBranches(tree: SyntaxTree, isTest: (node: SyntaxNode) => boolean = () => false): Branch[] {
  const found: Branch[] = [];
  const add = (at: SyntaxNode, inputs: readonly string[], bodies: readonly SyntaxNode[]): void => {
    const outputs = bodies.flatMap((body) => literalsIn(body, tree));
    if (inputs.length > 0 && outputs.length > 0) found.push({ at, inputs, outputs });
  };
  const visit = (node: SyntaxNode): void => {
    if (isTest(node)) return;
    const parts = partsOf(node);
    if (/^if_(?:statement|expression)$/u.test(node.name)) {
      const condition = fieldOf(node, "condition");
      if (condition !== undefined) add(node, comparedIn(condition, tree), partsIn(node, "consequence"));
    } else if (node.name === "expression_case") {
      const values = partsIn(node, "value");
      const inputs = values.flatMap((value) => literalOf(value, tree) ?? comparedIn(value, tree));
      add(
        node,
        inputs,
        parts.filter((part) => !values.includes(part)),
      );
    } else if (node.name === "match_arm") {
      const patterns = partsOf(fieldOf(node, "pattern"));
      add(
        node,
        patterns.flatMap((pattern) => patternLiterals(pattern, tree)),
        partsIn(node, "value"),
      );
    }
    for (const child of node.children) visit(child);
  };
  visit(tree.root);
  return found;
}

function patternLiterals(pattern: SyntaxNode, tree: SyntaxTree): string[] {
  if (pattern.field === "condition") return comparedIn(pattern, tree);
  return /_literal$|^(?:or|tuple|tuple_struct)_pattern$/u.test(pattern.name) ? literalsIn(pattern, tree) : [];
}

const comparing =
  /\b(?:HasSuffix|HasPrefix|Contains|EqualFold|Equal|eq|starts_with|ends_with|contains|eq_ignore_ascii_case|matches)$/u;

/** Literals that something is compared with for equality, or is asked to begin with, end with or contain; the length of a list, the rest of a division and what is calculated are other questions. */
function comparedIn(node: SyntaxNode, tree: SyntaxTree): string[] {
  const callee = fieldOf(node, "function") ?? fieldOf(node, "macro");
  if (callee !== undefined && comparing.test(sourceText(tree, callee)))
    return partsOf(fieldOf(node, "arguments") ?? childOf(node, "token_tree")).flatMap(
      (one) => firstOf(one, tree) ?? comparedIn(one, tree),
    );
  const [left, right] = fieldOf(node, "operator")?.name === "==" ? [fieldOf(node, "left"), fieldOf(node, "right")] : [];
  if (left === undefined || right === undefined) return node.children.flatMap((child) => comparedIn(child, tree));
  const isPlain = (side: SyntaxNode) => !otherQuestion.test(sourceText(tree, side).replace(notCalculated, ""));
  const [first, last] = [isPlain(right) ? literalOf(left, tree) : null, isPlain(left) ? firstOf(right, tree) : null];
  return [first ?? comparedIn(left, tree), last ?? comparedIn(right, tree)].flat();
}

/** The literal that an expression begins with: of `"a".to_string()`. */
function firstOf(node: SyntaxNode, tree: SyntaxTree): string | null {
  const [first] = /_expression$/u.test(node.name) ? partsOf(node) : [];
  return literalOf(node, tree) ?? (first === undefined ? null : firstOf(first, tree));
}
/** Comments, texts, and a dereference or borrow at the start. */
const notCalculated = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:[^"\\]|\\.)*"|^[\s(]*[*&]+/gu;
const otherQuestion = /\b(?:len|count)\s*\(|[%*/+]/u;

/** The text of a branch in one line. */
export function branchText(tree: SyntaxTree, { at }: Branch): string {
  return sourceText(tree, at).replace(/\s+/gu, " ").slice(0, 200);
}
