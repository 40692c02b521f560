/** Finds the assertions in a piece of Python (`assert`, unittest's methods, pytest's and mock's): how strict each is, and what may keep it from running. */

import { knowableAnswers, literalsIn } from "../shared/literals.ts";
import type { Assertion } from "../shared/test-file.ts";
import { childOf, fieldOf, isPlainText, partsOf, printSyntax, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode } from "../tree/syntax-node.ts";
import { blocksOf, comparisonsOf } from "./python-syntax.ts";

interface PythonAssertionSearch {
  readonly lineOf: (offset: number) => number;
  readonly without: ReadonlySet<SyntaxNode>;
}

const methods = new Map<string, number>();
const rank = (strength: number, names: string) => {
  for (const name of names.split(" ")) methods.set(name, strength);
};
rank(
  60,
  "assertEqual assertEquals assertIs assertDictEqual assertListEqual assertTupleEqual assertSetEqual assertSequenceEqual assertMultiLineEqual assertIsNone assert_called_once_with assert_array_equal assert_equal assert_frame_equal",
);
rank(
  52,
  "assertCountEqual assert_called_with assert_any_call assert_has_calls assertRaisesRegex assertWarnsRegex assertDictContainsSubset",
);
rank(
  36,
  "assertIn assertRegex assertRegexpMatches assertAlmostEqual assert_allclose assert_almost_equal assertRaises assertWarns assertLogs raises warns",
);
rank(30, "assertGreater assertGreaterEqual assertLess assertLessEqual assert_called_once assert_not_called");
rank(25, "assertIsInstance assert_called");
rank(
  20,
  "assertTrue assertFalse assertNotEqual assertNotEquals assertNotIn assertIsNot assertNotRegex assertNotAlmostEqual assertNotIsInstance",
);
rank(15, "assertIsNotNone");

export function isKnownAssertion(name: string): boolean {
  return methods.has(name);
}

export function findPythonAssertions(root: SyntaxNode, search: PythonAssertionSearch): Assertion[] {
  const found: Assertion[] = [];
  const visit = (node: SyntaxNode, guards: readonly string[]): void => {
    if (search.without.has(node)) return;
    const assertion = readAssertion(node, guards, search);
    if (assertion !== null) found.push(assertion);
    let inside = guards;
    for (const [index, child] of node.children.entries()) {
      visit(child, [...inside, ...ownGuard(node, index)]);
      if (node.name === "block") inside = [...inside, ...guardAfter(child)].slice(0, 8);
    }
  };
  visit(root, []);
  return found;
}

/** Whether a statement is one claim. */
export function isPythonCheck(statement: SyntaxNode): boolean {
  if (statement.name === "assert_statement") return true;
  const [call, ...more] = statement.name === "expression_statement" ? partsOf(statement) : [];
  return call?.name === "call" && more.length === 0 && calledClaim(call) !== null;
}

function ownGuard(parent: SyntaxNode, index: number): string[] {
  const child = parent.children[index];
  if (child === undefined) return [];
  const isPart = child.field === "alternative" || /_clause$/.test(child.name);
  if (parent.name === "if_statement") return child.field === "consequence" || isPart ? ["if"] : [];
  if (parent.name === "conditional_expression" || parent.name === "case_clause") return ["if"];
  if (parent.name === "with_statement" && /\bsuppress\s*\(/.test(textOf(parent).slice(0, 300))) return ["try"];
  if (parent.name !== "try_statement") return [];
  if (child.field !== "body") return isPart ? ["if"] : [];
  const handlers = parent.children.slice(parent.children.findIndex(({ name }) => /^except/.test(name)));
  if (!handlers.some(({ name }) => /^except/.test(name))) return [];
  const handler = handlers.map(textOf).join(" ");
  return /\b(raise|fail|assert\w*)\b/.test(handler) ? [] : ["try"];
}

function guardAfter(statement: SyntaxNode): string[] {
  if (/^(?:return|raise)_statement$/.test(statement.name)) return ["after return"];
  const leaves = blocksOf(statement).some((block) => childOf(block, "return_statement") !== undefined);
  return statement.name === "if_statement" && leaves ? ["after a conditional return"] : [];
}

function readAssertion(node: SyntaxNode, guards: readonly string[], search: PythonAssertionSearch): Assertion | null {
  const claim =
    node.name === "assert_statement" ? assertedClaim(node) : node.name === "call" ? calledClaim(node) : null;
  if (claim === null) return null;
  const { subject, expected, matcher } = claim;
  const print = (piece: SyntaxNode | undefined) => (piece === undefined ? null : printSyntax(piece));
  const [left, right] = [print(subject) ?? "", print(expected)];
  const isConstant = subject !== undefined && isLiteral(subject) && (expected === undefined || isLiteral(expected));
  const isLoose = right !== null && /\b(approx|ANY|AnyStringWith)\b/.test(right);
  return {
    subject: left,
    expected: right,
    matcher,
    strength:
      isConstant || (right !== null && right === left) ? 0 : isLoose ? Math.min(34, claim.strength) : claim.strength,
    guards,
    line: search.lineOf(node.from),
    text: textOf(node).replace(/\s+/g, " ").slice(0, 200),
    outputs: expected === undefined ? [] : literalsIn(expected),
    answers: expected === undefined ? [] : knowableAnswers(expected),
    isSnapshot: right !== null && /\bsnapshot\b/.test(right),
  };
}

interface Claim {
  readonly matcher: string;
  readonly strength: number;
  readonly subject: SyntaxNode | undefined;
  readonly expected: SyntaxNode | undefined;
}

function isLiteral(node: SyntaxNode): boolean {
  return /^(?:integer|float|true|false|none)$/.test(node.name) || isPlainText(node);
}

/** Reads `assert a == b`, `assert not a` or `assert a`. */
function assertedClaim(node: SyntaxNode): Claim {
  const [, given] = partsOf(node);
  return truthClaim(given?.name === "parenthesized_expression" ? partsOf(given)[0] : given);
}

function truthClaim(given: SyntaxNode | undefined): Claim {
  if (given?.name === "not_operator")
    return { matcher: "not", strength: 20, subject: fieldOf(given, "argument"), expected: undefined };
  if (given?.name === "call" && /^(isinstance|hasattr|callable|issubclass)\b/.test(textOf(given)))
    return { matcher: "isinstance", strength: 25, subject: given, expected: undefined };
  const { left, sign, right } = given === undefined ? nothing : joined(given);
  const isNone = right !== undefined && textOf(right) === "None";
  const strengths: Readonly<Record<string, number>> = {
    "==": 60,
    is: 60,
    in: 36,
    "<": 30,
    ">": 30,
    "<=": 30,
    ">=": 30,
    "!=": 20,
    "is not": isNone ? 15 : 20,
    "not in": 20,
    and: 40,
    or: 10,
  };
  const strength = strengths[sign ?? ""];
  if (sign === undefined || strength === undefined)
    return { matcher: "assert", strength: 20, subject: given, expected: undefined };
  return { matcher: sign, strength, subject: left, expected: right };
}

/** The last operator of a chain or of `and` and `or`, with everything before it as the left operand. */
function joined(node: SyntaxNode): { left?: SyntaxNode; sign?: string; right?: SyntaxNode } {
  if (node.name === "boolean_operator") {
    const [left, right] = [fieldOf(node, "left"), fieldOf(node, "right")];
    const sign = fieldOf(node, "operator")?.name;
    return left === undefined || right === undefined || sign === undefined ? nothing : { left, sign, right };
  }
  const compared = comparisonsOf(node);
  const last = compared.at(-1);
  if (last === undefined || compared.length === 1) return last ?? nothing;
  return { ...last, left: { ...node, to: last.left.to, children: node.children.slice(0, -2) } };
}
const nothing: { left?: SyntaxNode; sign?: string; right?: SyntaxNode } = {};

/** Reads `self.assertEqual(a, b)`, `pytest.raises(E, match=…)` or `mock.assert_called_with(…)`. */
function calledClaim(node: SyntaxNode): Claim | null {
  const [callee] = node.children;
  if (callee === undefined) return null;
  const name = /([A-Za-z_]\w*)$/.exec(textOf(callee).slice(-200))?.[1] ?? "";
  const known = methods.get(name);
  if (known === undefined && !/^assert\w+$/.test(name)) return null;
  const list = fieldOf(node, "arguments");
  const given = partsOf(list).filter((part) => part.name !== "keyword_argument");
  const [first, second] = given;
  if (name === "assertTrue" || name === "assert_") return truthClaim(first);
  if (name === "raises" || name === "warns" || /^assert(Raises|Warns)/.test(name)) {
    if (name === "raises" && !/pytest|raises$/.test(textOf(callee))) return null;
    const isBroad = first !== undefined && /^(Base)?Exception$/.test(textOf(first));
    const hasMatch = /\bmatch\s*=/.test(textOf(node)) || /Regex$/.test(name);
    return { matcher: name, strength: (isBroad ? 24 : 36) + (hasMatch ? 10 : 0), subject: first, expected: undefined };
  }
  const isMock = /^assert_(called|any_call|has_calls|not_called)/.test(name);
  if (isMock) return { matcher: name, strength: known ?? 40, subject: callee.children[0], expected: list };
  const single = /^assert(False|IsNone|IsNotNone)$/.test(name);
  return { matcher: name, strength: known ?? 40, subject: first, expected: single ? undefined : second };
}
