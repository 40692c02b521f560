/**
 * Makes variants of changed code that leave out one thing: a slice, a rounding, a limit, a term with a number, a factor that is a condition, or a choice by an
 * index or a truth value. Tests that pass with a variant don't need that thing (ADR 0037). Hostile text: run it in a process that may be killed. Pure.
 */
import { fieldOf, isComment } from "../tree/print-syntax.ts";
import type { SyntaxNode } from "../tree/syntax-node.ts";
import { readSyntax } from "../tree/syntax-tree.ts";
import { roundingOf } from "./roundings.ts";

export interface Variant {
  /** The first and last line of the part that differs. */
  line: number;
  lastLine: number;
  /** The code before and after the edit. */
  before: string;
  after: string;
  text: string;
}

const variantsMax = 60;
const excerptCharactersMax = 80;

/** `ranges`: changed lines, from 1, both ends included. */
export function variantsOf(text: string, path: string, ranges: readonly { first: number; last: number }[]): Variant[] {
  const { root } = readSyntax(text, path);
  const starts = [0, ...[...text.matchAll(/\n/gu)].map(({ index }) => index + 1)];
  const lineOf = (at: number) => starts.findLastIndex((start) => start <= at) + 1;
  const textOf = ({ from, to }: Span) => text.slice(from, to);
  const edits: Edit[] = [];
  const visit = (node: SyntaxNode, parent: SyntaxNode | null, rule: Rule, add: Tools["add"]) => {
    if (edits.length >= variantsMax) return;
    rule(node, { textOf, add }, parent !== null && isBinary(parent));
    for (const child of node.children) visit(child, node, rule, add);
  };
  for (const rule of rules)
    visit(root, null, rule, (node, after, excerpt = node) => {
      const line = lineOf(node.from);
      const isChanged = ranges.some(({ first, last }) => first <= line && line <= last);
      if (isChanged && textOf(node) !== after) edits.push({ line, node, after, excerpt });
    });
  const found = new Map<string, Variant>();
  for (const { line, node, after, excerpt } of edits.slice(0, variantsMax)) {
    const changed = text.slice(0, node.from) + after + text.slice(node.to);
    const remaining = after === "" ? text.slice(excerpt.from, node.from) + text.slice(node.to, excerpt.to) : after;
    if (!found.has(changed))
      found.set(changed, {
        line,
        lastLine: lineOf(node.to),
        before: textOf(excerpt).slice(0, excerptCharactersMax),
        after: remaining.slice(0, excerptCharactersMax),
        text: changed,
      });
  }
  return [...found.values()];
}

interface Span {
  readonly from: number;
  readonly to: number;
}
interface Edit {
  readonly line: number;
  readonly node: Span;
  readonly after: string;
  readonly excerpt: Span;
}

interface Tools {
  textOf: (node: Span) => string;
  add: (node: Span, after: string, excerpt?: Span) => void;
}
/** `isInner`: the node is part of a longer calculation. */
type Rule = (node: SyntaxNode, tools: Tools, isInner: boolean) => void;

const isNumber = ({ name }: SyntaxNode) => /^(?:number|(?:int|float|imaginary)_literal|integer|float)$/u.test(name);
const isBinary = ({ name }: SyntaxNode) => /^(?:binary_expression|(?:binary|comparison|boolean)_operator)$/u.test(name);
const isCall = ({ name }: SyntaxNode) => /^call(?:_expression)?$/u.test(name);

/** Operands and operators in their order, without the parser's nesting. */
function flattened(node: SyntaxNode): SyntaxNode[] {
  const parts = node.children.filter((child) => !isComment(child));
  return isBinary(node) ? parts.flatMap(flattened) : [node];
}

/** Leaves out the term with the number in `a + n / 3`, or the number in `a % 7`. */
const terms: Rule = (node, { textOf, add }, isInner) => {
  if (!isBinary(node) || isInner) return;
  const parts = flattened(node);
  const operators = parts.map((part, at) => (at % 2 === 1 ? textOf(part) : ""));
  if (parts.length % 2 === 0) return;
  const isSum = (at: number) => /^[-+]$/u.test(operators[at] ?? "");
  const isProduct = (at: number) => /^(?:[*/%]|\/\/)$/u.test(operators[at] ?? "");
  for (let at = 0; at < parts.length; at += 2) {
    const [operand, before] = [parts[at], parts[at - 2]];
    if (operand === undefined) continue;
    if (isNumber(operand) && isProduct(at - 1) && before !== undefined)
      add({ from: before.to, to: operand.to }, "", { from: before.from, to: operand.to });
    // The whole term, up to the next `+` or `-`.
    let end = at;
    while (isProduct(end + 1)) end += 2;
    const term = parts.slice(at, end + 1);
    const last = parts[end];
    if (isProduct(at - 1) || last === undefined || !term.some((one) => isNumber(one))) continue;
    if (isSum(at - 1) && before !== undefined)
      add({ from: before.to, to: last.to }, "", { from: before.from, to: last.to });
    const next = parts[end + 2];
    const isFirst = at === 0 || !(isSum(at - 1) || isProduct(at - 1));
    if (isFirst && operators[end + 1] === "+" && next !== undefined)
      add({ from: operand.from, to: next.from }, "", { from: operand.from, to: next.to });
  }
};

const chosen = /^(?:Math\.(?:min|max)|math\.(?:Min|Max)|min|max)$/u;

/** Turns `Math.floor(a)` into `a`, and `min(a, b)` into `a` or `b`. */
const limits: Rule = (node, { textOf, add }) => {
  if (!isCall(node)) return;
  const [called, list] = node.children;
  const given = list?.children.filter(({ name }) => !/^[(),]$|[Cc]omment$/u.test(name)) ?? [];
  if (called === undefined || list === undefined || list.name === "generator_expression") return;
  const name = textOf(called).replaceAll(/\s/gu, "");
  const [first, second] = given;
  if (roundingOf(name) === name && given.length === 1 && first !== undefined) add(node, `(${textOf(first)})`);
  // A bound of 0 or 1 is usual and says little: nothing can be less than nothing.
  const isHabit = given.some((one) => /^[01]$/u.test(textOf(one)));
  if (chosen.test(name) && given.length === 2 && !isHabit && first !== undefined && second !== undefined) {
    add(node, `(${textOf(first)})`);
    add(node, `(${textOf(second)})`);
  }
};

/** Leaves out a slice such as `list.slice(0, 5)` or `text[:1]`; `list[:]` and `list.slice(0)` only copy. */
const slices: Rule = (node, { textOf, add }) => {
  const text = textOf(node);
  const [first] = node.children;
  if (first === undefined) return;
  const rest = text.slice(first.to - node.from);
  if (
    /^(?:slice_expression|subscript)$/u.test(node.name) &&
    /^\s*\[(?!\s*0?\s*:[\s:]*\])[^:[\]]*:[^[\]]*\]$/u.test(rest)
  )
    add(node, textOf(first));
  if (!isCall(node) || !/^(?:member_expression|attribute)$/u.test(first.name)) return;
  const [object] = first.children;
  const method = object === undefined ? "" : text.slice(object.to - node.from);
  const isCopy = /^\s*\??\.\s*slice\s*\(\s*0\s*\)$/u.test(method);
  if (
    object !== undefined &&
    !isCopy &&
    /^\s*\??\.\s*(?:slice|substring|substr|splice)\s*\(\s*-?\d[^()]*\)$/u.test(method)
  )
    add(node, textOf(object));
};

const comparison = /^(?:[=!]==?|[<>]=?|in|instanceof|&&|\|\|)$/u;
const asked =
  /^(?:bool|Boolean|hasattr|isinstance|issubclass|callable|any|all|.+\.(?:some|every|includes|(?:starts|ends)(?:W|w)ith))$/su;
const counted = /^(?:int|float|Number)$/u;

/** Whether an operand is a truth value or is chosen by one. */
function isCondition(node: SyntaxNode, textOf: Tools["textOf"]): boolean {
  const [first, second] = node.children;
  const inner = node.children.filter(({ name }) => !/^[()]$|[Cc]omment$/u.test(name));
  if (/^(?:(?:ternary|conditional)_expression|(?:comparison|boolean|not)_operator)$/u.test(node.name)) return true;
  if (isBinary(node)) return comparison.test(fieldOf(node, "operator")?.name ?? "");
  if (/^unary_(?:expression|operator)$/u.test(node.name)) {
    const isNot = first !== undefined && textOf(first) === "!";
    return isNot || (second !== undefined && isCondition(second, textOf));
  }
  if (/^parenthesized/iu.test(node.name)) return inner.length === 1 && inner.some((one) => isCondition(one, textOf));
  if (!isCall(node) || first === undefined) return false;
  const given = second?.children.filter(({ name }) => !/^[(),]$|[Cc]omment$/u.test(name)) ?? [];
  return asked.test(textOf(first)) || (counted.test(textOf(first)) && given.some((one) => isCondition(one, textOf)));
}

/** Turns `a * (b == c)` into `a`, which no longer depends on the condition. */
const conditions: Rule = (node, { textOf, add }, isInner) => {
  if (!isBinary(node) || isInner) return;
  const parts = flattened(node);
  const signAt = (at: number) => (parts[at] === undefined ? "" : textOf(parts[at]));
  const isTimes = (at: number) => signAt(at) === "*";
  const isDivided = (at: number) => /^(?:[/%]|\/\/|\*\*)$/u.test(signAt(at));
  for (let at = 0; at < parts.length; at += 2) {
    const [operand, before, next] = [parts[at], parts[at - 2], parts[at + 2]];
    if (operand === undefined || !isCondition(operand, textOf)) continue;
    if (isTimes(at - 1) && before !== undefined)
      add({ from: before.to, to: operand.to }, "", { from: before.from, to: operand.to });
    else if (!isDivided(at - 1) && isTimes(at + 1) && next !== undefined)
      add({ from: operand.from, to: next.from }, "", { from: operand.from, to: next.to });
  }
};

/** Turns `a *= b == c` into `a`, and `math.prod([a, b == c])` into `math.prod([a, 1])`. */
const factorsElsewhere: Rule = (node, { textOf, add }) => {
  const [first, second, value] = node.children;
  if (first === undefined || second === undefined) return;
  if (textOf(second) === "*=" && value !== undefined && isCondition(value, textOf))
    add({ from: first.to, to: value.to }, "", node);
  const list = /^(?:math\.)?prod$/u.test(textOf(first)) ? second.children[1] : undefined;
  if (list === undefined || !/^(?:array|list|tuple)$/u.test(list.name)) return;
  for (const element of list.children) if (isCondition(element, textOf)) add(element, "1");
};

/** The values `a` and `b` in `{True: a, False: b}`; none if a key is no truth value. */
function valuesByTruth(node: SyntaxNode, textOf: Tools["textOf"]): SyntaxNode[] {
  if (/^parenthesized/iu.test(node.name)) return valuesByTruth(node.children[1] ?? node, textOf);
  if (!/^(?:object|dictionary)$/u.test(node.name)) return [];
  const parts = node.children.flatMap((child) => (child.name === "pair" ? child.children : [child]));
  const at = parts.flatMap(({ name }, index) => (name === ":" ? [index] : []));
  const isTruth = (key: SyntaxNode | undefined) => key !== undefined && /^(?:[Tt]rue|[Ff]alse)$/u.test(textOf(key));
  const values = at.flatMap((colon) => (isTruth(parts[colon - 1]) ? (parts[colon + 1] ?? []) : []));
  return values.length === at.length ? values : [];
}

const choicesMax = 3;
/** Turns `[a, b][c]` into `a`, and into `b`. */
const choices: Rule = (node, { textOf, add }) => {
  const [list, bracket, index, ...rest] = node.children;
  if (list !== undefined && bracket?.name === "[")
    for (const value of valuesByTruth(list, textOf)) add(node, `(${textOf(value)})`);
  if (
    !/^subscript(?:_expression)?$/u.test(node.name) ||
    bracket?.name !== "[" ||
    index === undefined ||
    rest.length !== 1
  )
    return;
  if (list === undefined || !/^(?:array|list|tuple)$/u.test(list.name) || /^[-+]?\s*[\d'"`:]/u.test(textOf(index)))
    return;
  const elements = list.children.filter(({ name }) => !/^[()[\],]$|[Cc]omment$/u.test(name));
  const isWhole =
    elements.length > 1 &&
    elements.length <= choicesMax &&
    list.children.every((child, at) => child.name !== "," || !/^[,[(]$/u.test(list.children[at - 1]?.name ?? ""));
  if (!isWhole || elements.some(({ name }) => /^spread_|_splat$/u.test(name))) return;
  for (const element of elements) add(node, `(${textOf(element)})`);
};

/** The rules, with the most telling first, because the number of variants is limited. */
const rules: readonly Rule[] = [conditions, factorsElsewhere, choices, slices, limits, terms];
