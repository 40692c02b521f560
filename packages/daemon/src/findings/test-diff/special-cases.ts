/**
 * Finds code that special-cases the tests: a branch taken for exactly a test's input that returns exactly that test's answer, or another literal of the same row of a table. Answers that are
 * computed or spread over several branches are not found; special-tables.ts finds tables.
 */
import type { TestFinding } from "@aedev/contracts";
import { languageOf } from "@aedev/languages";
import { type ComparedPair, comparisonsOf } from "@aedev/languages/python/python-syntax";
import { readersOf } from "@aedev/languages/readers";
import { type Branch, branchText } from "@aedev/languages/shared/compiled-branches";
import { isDistinctive, isUnusual, literalOf, literalsIn, wholeOf } from "@aedev/languages/shared/literals";
import { fieldOf, isPlainText, lineFinder, partsIn, partsOf, signOf, textOf } from "@aedev/languages/tree/print-syntax";
import type { SyntaxNode, SyntaxTree } from "@aedev/languages/tree/syntax-node";
import { finding } from "./compare-tests.ts";
import type { KnownCase } from "./known-cases.ts";

const findingsMax = 20;

/** `path`: of the file; `before`: the base's text of it. Only new lines are searched. */
export function findSpecialCases(
  tree: SyntaxTree,
  { path, before }: { path: string; before: string },
  cases: readonly KnownCase[],
): TestFinding[] {
  const lineOf = lineFinder(tree.text);
  const isAdded = addedLines(before, tree.text);
  const found: TestFinding[] = [];
  const byInput = new Map<string, KnownCase[]>();
  for (const known of cases)
    for (const input of known.inputs) byInput.set(input, [...(byInput.get(input) ?? []), known]);
  const hasLen = languageOf(path)?.name === "python" && !bindsLen.test(tree.text);
  const branches = readersOf(path)?.branches?.(tree) ?? branchesOf(tree, hasLen);
  for (const branch of branches) {
    const line = lineOf(branch.at.from);
    if (found.length >= findingsMax || !isAdded(line)) continue;
    const hit = branch.inputs
      .filter(isDistinctive)
      .flatMap((input) => (byInput.get(input) ?? []).map((known) => ({ input, known })))
      .find(({ input, known }) => known.outputs.some((output) => answers(branch, { input, output, known })))?.known;
    if (hit === undefined) continue;
    const text = `contains this test's input and its answer: ${branchText(branch)}`;
    found.push(finding("input-special-cased", hit.test, line, text));
  }
  return found;
}

/** Of a row nobody says which value is the answer: it must be an unusual one, in a branch that does little else. */
function answers(
  { outputs }: Branch,
  { input, output, known }: { input: string; output: string; known: KnownCase },
): boolean {
  if (!outputs.includes(output)) return false;
  return (
    known.isRow !== true ||
    (output !== input &&
      outputs.length <= rowAnswersMax &&
      isUnusual(input) &&
      isUnusual(output) &&
      !typeName.test(output))
  );
}
const rowAnswersMax = 4;
const typeName = /^"(?:string|number|boolean|object|function|undefined|symbol|bigint)"$/u;

/** What may make another `len` than Python's: all but a call of it. */
const bindsLen = /\bimport\s*\*|\b(?:def|class)\s+len\b|\blen\b(?!\s*\()/u;

/** `hasLen`: `len` is Python's own in the whole file. */
function branchesOf(tree: SyntaxTree, hasLen: boolean): Branch[] {
  const found: Branch[] = [];
  const add = (at: SyntaxNode, condition: SyntaxNode | undefined, bodies: readonly (SyntaxNode | undefined)[]) => {
    const inputs = condition === undefined ? [] : comparedWith(condition, tree, hasLen);
    if (inputs.length > 0)
      found.push({ at, inputs, outputs: bodies.flatMap((body) => (body === undefined ? [] : answersIn(body, tree))) });
  };
  const visit = (node: SyntaxNode): void => {
    const parts = partsOf(node);
    const sign = signOf(node);
    if (/^(?:if_statement|elif_clause)$/.test(node.name))
      add(node, fieldOf(node, "condition"), [fieldOf(node, "consequence")]);
    else if (/^(?:ternary|conditional)_expression$/.test(node.name)) {
      const [first, second, third] =
        node.name === "conditional_expression" ? [parts[2], parts[0], parts.at(-1)] : parts;
      // One of two truth values says no more than the comparison does.
      const isFlag = [second, third].every((arm) => arm !== undefined && isCommon(arm));
      if (!isFlag) add(node, first, [second]);
    } else if (sign !== undefined && /^(?:&&|\|\||\?\?)$/.test(sign)) {
      const answer = fieldOf(node, "right");
      if (answer !== undefined && literalOf(answer) !== null) add(node, fieldOf(node, "left"), [answer]);
    } else if (node.name === "switch_body") addCases(parts, tree, found);
    else if (node.name === "case_clause") {
      const patterns = parts.filter(({ name }) => name === "case_pattern");
      const [pattern] = patterns.length === 1 ? patterns : [];
      const [inner] = partsOf(pattern);
      const input = pattern === undefined ? null : (literalOf(pattern) ?? (inner && literalOf(inner)) ?? null);
      const body = fieldOf(node, "consequence");
      if (input !== null && body !== undefined)
        found.push({ at: node, inputs: [input], outputs: answersIn(body, tree) });
    }
    for (const child of node.children) visit(child);
  };
  visit(tree.root);
  return found;
}

/** A literal that is no distinctive answer. */
function isCommon(node: SyntaxNode): boolean {
  const literal = literalOf(node);
  return literal !== null && !isDistinctive(literal);
}

/**
 * The literals of a branch but for small indexes and slice bounds, as in `version[:2]`, and the bound of a choice in it: `rest > 0 ? a : b` does not answer 0. A
 * loop may count up to an answer, and a search compare with it.
 */
function answersIn(node: SyntaxNode, tree: SyntaxTree): string[] {
  const whole = wholeOf(node);
  // A part of a list or an object that is not distinctive is no answer by itself.
  if (whole !== null) return [whole, ...node.children.flatMap((child) => answersIn(child, tree)).filter(isDistinctive)];
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
      ? child.children.flatMap((side) => (literalOf(side) === null ? answersIn(side, tree) : []))
      : answersIn(child, tree);
  });
}

const isSmallNumber = (literal: string) => /^-?\d/u.test(literal) && !isUnusual(literal);

/** The cases behind an empty one are its own, too. */
function addCases(parts: readonly SyntaxNode[], tree: SyntaxTree, found: Branch[]): void {
  for (const [index, label] of parts.entries()) {
    const value = fieldOf(label, "value");
    const input = value === undefined ? null : literalOf(value);
    const body = parts.slice(index).find((one) => fieldOf(one, "body") !== undefined);
    if (input !== null)
      found.push({
        at: label,
        inputs: [input],
        outputs: partsIn(body, "body").flatMap((node) => answersIn(node, tree)),
      });
  }
}

/** Literals that a plain expression is compared with for equality; `a % 3 === 0` and `list.length === 2` are different questions. */
function comparedWith(condition: SyntaxNode, tree: SyntaxTree, hasLen: boolean): string[] {
  const found: string[] = [];
  const visit = (node: SyntaxNode): void => {
    for (const { left, sign, right } of comparedIn(node))
      if (/^(={2,3}|is)$/.test(sign))
        for (const [value, other] of [
          [left, right],
          [right, left],
        ] as const)
          if (isPlain(other) && !(hasLen && isLength(other, value))) found.push(...comparedLiterals(value, tree));
    if (
      /^call(?:_expression)?$/.test(node.name) &&
      /(\.|^)(is|equals?|isEqual|isDeepStrictEqual|localeCompare|includes|startsWith|endsWith|startswith|endswith)\s*$/.test(
        textOf(node.children[0] ?? node),
      )
    )
      found.push(...comparedLiterals(node, tree));
    for (const child of node.children) visit(child);
  };
  visit(condition);
  return found;
}

function comparedIn(node: SyntaxNode): ComparedPair[] {
  const [left, sign, right] = [fieldOf(node, "left"), signOf(node), fieldOf(node, "right")];
  if (node.name !== "binary_expression") return comparisonsOf(node);
  return left === undefined || sign === undefined || right === undefined ? [] : [{ left, sign, right }];
}

/** The literals of a value without indexes: `match[2]` is no 2, but `[40][0]` has a 40. */
function comparedLiterals(value: SyntaxNode, tree: SyntaxTree): string[] {
  if (literalOf(value) !== null) return literalsIn(value);
  const list = indexedObject(value);
  return (list === null ? value.children : [list]).flatMap((child) => comparedLiterals(child, tree));
}

/** `names` in `names[2]` and `names[1:]`; null if nothing is indexed. */
function indexedObject(node: SyntaxNode): SyntaxNode | null {
  return /^subscript(?:_expression)?$/u.test(node.name) ? (node.children[0] ?? null) : null;
}

function isPlain(node: SyntaxNode): boolean {
  if (/^(?:(?:member|subscript)_expression|attribute|subscript)$/.test(node.name))
    return !/\.\s*(length|size)$/.test(textOf(node));
  if (node.name === "string") return !isPlainText(node);
  return /^(?:call_expression|template_string|array|identifier|call|list|tuple)$/.test(node.name);
}

/** Whether Python's `len` of a name, a field or an element is compared with a number. */
function isLength(node: SyntaxNode, value: SyntaxNode): boolean {
  const isCall = node.name === "call" && /^len\s*\([\s\w.[\]'"-]*\)$/u.test(textOf(node));
  return isCall && /^-?\d/u.test(literalOf(value) ?? "");
}

/** Whether a line of `after`, counted from 1, is not in `before`. */
export function addedLines(before: string, after: string): (line: number) => boolean {
  const known = new Set(before.split("\n").map((line) => line.trim()));
  const lines = after.split("\n");
  return (line) => !known.has(lines[line - 1]?.trim() ?? "");
}

const comparesLiteral =
  /[([{,:]\s*-?(\d|['"`])|([=!]=|\bcase\b|\bis\b|\bin\b|includes|equals?\b|[sS]tarts_?[wW]ith|[eE]nds_?[wW]ith).*(\d|['"`])|(\d|['"`]).*(==|=>)/;
const lineCharactersMax = 2000;

/** A cheap check: whether any new line of a file with a syntax tree compares with a literal, or lists some. */
export function mayKnowTests(path: string, before: string, after: string): boolean {
  if (languageOf(path)?.hasCodeRules !== true) return false;
  const isAdded = addedLines(before, after);
  const lines = after.split("\n");
  // What is compared may stand in the next line.
  return lines.some((line, index) => {
    const both = `${line} ${lines[index + 1] ?? ""}`;
    return (
      (both.length > lineCharactersMax || comparesLiteral.test(both)) && (isAdded(index + 1) || isAdded(index + 2))
    );
  });
}
