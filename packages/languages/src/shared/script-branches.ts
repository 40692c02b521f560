/** Finds branches of JavaScript and Python that run only for a literal: `if (x === "a")`, `x === 1 ? 2 : 3`, `x || 5`, `case "a":`. */
import { fieldOf, isPlainText, partsIn, partsOf, signOf, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";
import type { Branch } from "./compiled-branches.ts";
import { isDistinctive, isUnusual, literalOf, literalsIn, wholeOf } from "./literals.ts";

/** The operands and operator of a comparison. */
export interface ComparedPair {
  readonly left: SyntaxNode;
  readonly sign: string;
  readonly right: SyntaxNode;
}
interface ScriptForm {
  /** The comparisons in a node that only this language has. */
  readonly comparisonsOf?: (node: SyntaxNode) => ComparedPair[];
  /** Whether a node is a length that is compared with a number. */
  readonly isCount?: (node: SyntaxNode, value: SyntaxNode) => boolean;
}

export function scriptBranches({ root }: SyntaxTree, form: ScriptForm = {}): Branch[] {
  const found: Branch[] = [];
  const add = (at: SyntaxNode, condition: SyntaxNode | undefined, bodies: readonly (SyntaxNode | undefined)[]) => {
    const inputs = condition === undefined ? [] : comparedWith(condition, form);
    if (inputs.length > 0)
      found.push({ at, inputs, outputs: bodies.flatMap((body) => (body === undefined ? [] : answersIn(body))) });
  };
  const visit = (node: SyntaxNode): void => {
    const parts = partsOf(node);
    const sign = signOf(node);
    if (/^(?:if_statement|elif_clause)$/.test(node.name))
      add(node, fieldOf(node, "condition"), [fieldOf(node, "consequence")]);
    else if (/^(?:ternary|conditional)_expression$/.test(node.name)) {
      const [first, second, third] =
        node.name === "conditional_expression" ? [parts[2], parts[0], parts.at(-1)] : parts;
      // Two common results, such as truth values, say no more than the comparison.
      const isFlag = [second, third].every((arm) => arm !== undefined && isCommon(arm));
      if (!isFlag) add(node, first, [second]);
    } else if (sign !== undefined && /^(?:&&|\|\||\?\?)$/.test(sign)) {
      const answer = fieldOf(node, "right");
      if (answer !== undefined && literalOf(answer) !== null) add(node, fieldOf(node, "left"), [answer]);
    } else if (node.name === "switch_body") addCases(parts, found);
    else if (node.name === "case_clause") {
      const patterns = parts.filter(({ name }) => name === "case_pattern");
      const [pattern] = patterns.length === 1 ? patterns : [];
      const [inner] = partsOf(pattern);
      const input = pattern === undefined ? null : (literalOf(pattern) ?? (inner && literalOf(inner)) ?? null);
      const body = fieldOf(node, "consequence");
      if (input !== null && body !== undefined) found.push({ at: node, inputs: [input], outputs: answersIn(body) });
    }
    for (const child of node.children) visit(child);
  };
  visit(root);
  return found;
}

/** Whether a node is a literal without distinction, such as `0` or `true`. */
function isCommon(node: SyntaxNode): boolean {
  const literal = literalOf(node);
  return literal !== null && !isDistinctive(literal);
}

/**
 * The literals that a branch may answer, without small indexes and slice bounds, as in `version[:2]`, and bounds of a choice: `rest > 0 ? a : b` does not
 * answer 0. In loops and functions all literals count: a loop may count up to an answer, and a search compare with it.
 */
function answersIn(node: SyntaxNode): string[] {
  const whole = wholeOf(node);
  // Only a distinctive part of a list or an object is an answer by itself.
  if (whole !== null) return [whole, ...node.children.flatMap((child) => answersIn(child)).filter(isDistinctive)];
  if (
    literalOf(node) !== null ||
    /^(?:(?:for|while|do|function|generator|arrow|method)_|lambda$)|_comprehension$/u.test(node.name)
  )
    return literalsIn(node);
  const isIndexed = indexedObject(node) !== null || node.name === "slice";
  const condition = node.name === "ternary_expression" ? fieldOf(node, "condition") : undefined;
  const isBound = condition !== undefined && /^[<>]=?$/u.test(signOf(condition) ?? "");
  return node.children.flatMap((child) => {
    if (isIndexed && isSmallNumber(literalOf(child) ?? "")) return [];
    return child === condition && isBound
      ? child.children.flatMap((side) => (literalOf(side) === null ? answersIn(side) : []))
      : answersIn(child);
  });
}

const isSmallNumber = (literal: string) => /^-?\d/u.test(literal) && !isUnusual(literal);

/** Adds the cases of a `switch`; an empty case shares the code of the next one. */
function addCases(parts: readonly SyntaxNode[], found: Branch[]): void {
  for (const [index, label] of parts.entries()) {
    const value = fieldOf(label, "value");
    const input = value === undefined ? null : literalOf(value);
    const body = parts.slice(index).find((one) => fieldOf(one, "body") !== undefined);
    if (input !== null)
      found.push({
        at: label,
        inputs: [input],
        outputs: partsIn(body, "body").flatMap((node) => answersIn(node)),
      });
  }
}

/** Literals that a plain expression must equal; `a % 3 === 0` and `list.length === 2` do not count. */
function comparedWith(condition: SyntaxNode, form: ScriptForm): string[] {
  const found: string[] = [];
  const visit = (node: SyntaxNode): void => {
    for (const { left, sign, right } of comparedIn(node, form))
      if (/^(={2,3}|is)$/.test(sign))
        for (const [value, other] of [
          [left, right],
          [right, left],
        ] as const)
          if (isPlain(other) && form.isCount?.(other, value) !== true) found.push(...comparedLiterals(value));
    if (
      /^call(?:_expression)?$/.test(node.name) &&
      /(\.|^)(is|equals?|isEqual|isDeepStrictEqual|localeCompare|includes|startsWith|endsWith|startswith|endswith)\s*$/.test(
        textOf(node.children[0] ?? node),
      )
    )
      found.push(...comparedLiterals(node));
    for (const child of node.children) visit(child);
  };
  visit(condition);
  return found;
}

function comparedIn(node: SyntaxNode, { comparisonsOf }: ScriptForm): ComparedPair[] {
  const [left, sign, right] = [fieldOf(node, "left"), signOf(node), fieldOf(node, "right")];
  if (node.name !== "binary_expression") return comparisonsOf?.(node) ?? [];
  return left === undefined || sign === undefined || right === undefined ? [] : [{ left, sign, right }];
}

/** The literals of a value except indexes: `match[2]` has no 2, but `[40][0]` has a 40. */
function comparedLiterals(value: SyntaxNode): string[] {
  if (literalOf(value) !== null) return literalsIn(value);
  const list = indexedObject(value);
  return (list === null ? value.children : [list]).flatMap((child) => comparedLiterals(child));
}

/** The indexed value: `names` in `names[2]` and `names[1:]`; null for any other node. */
function indexedObject(node: SyntaxNode): SyntaxNode | null {
  return /^subscript(?:_expression)?$/u.test(node.name) ? (node.children[0] ?? null) : null;
}

function isPlain(node: SyntaxNode): boolean {
  if (/^(?:(?:member|subscript)_expression|attribute|subscript)$/.test(node.name))
    return !/\.\s*(length|size)$/.test(textOf(node));
  if (node.name === "string") return !isPlainText(node);
  return /^(?:call_expression|template_string|array|identifier|call|list|tuple)$/.test(node.name);
}
