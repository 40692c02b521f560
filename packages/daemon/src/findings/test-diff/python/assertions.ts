/** Finds the assertions in a piece of Python (`assert`, unittest's methods, pytest's and mock's): how strict each is, and what may keep it from running. */

import { childOf, partsOf, printSyntax, sourceText } from "@aedev/languages/tree/print-syntax";
import type { SyntaxNode, SyntaxTree } from "@aedev/languages/tree/syntax-node";
import { knowableAnswers, literalsIn } from "../syntax/literals.ts";
import type { Assertion } from "../syntax/test-file.ts";

export interface PythonAssertionSearch {
  readonly tree: SyntaxTree;
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
      visit(child, [...inside, ...ownGuard(node, index, search)]);
      if (node.name === "Body") inside = [...inside, ...guardAfter(child)].slice(0, 8);
    }
  };
  visit(root, []);
  return found;
}

/** True for a statement that is one claim. */
export function isPythonCheck(statement: SyntaxNode, tree: SyntaxTree): boolean {
  if (statement.name === "AssertStatement") return true;
  const [call] = statement.name === "ExpressionStatement" ? partsOf(statement) : [];
  return call?.name === "CallExpression" && calledClaim(call, tree) !== null;
}

function ownGuard(parent: SyntaxNode, index: number, { tree }: PythonAssertionSearch): string[] {
  const child = parent.children[index];
  if (child === undefined) return [];
  if (parent.name === "IfStatement" && child.name === "Body") return ["if"];
  if (parent.name === "ConditionalExpression" || parent.name === "MatchClause") return ["if"];
  if (parent.name === "WithStatement" && /\bsuppress\s*\(/.test(sourceText(tree, parent).slice(0, 300))) return ["try"];
  if (parent.name !== "TryStatement" || child.name !== "Body") return [];
  if (index !== parent.children.findIndex(({ name }) => name === "Body")) return ["if"];
  const handlers = parent.children.slice(index + 1);
  const except = handlers.findIndex(({ name }) => name === "except");
  if (except === -1) return [];
  const handler = handlers
    .slice(except)
    .map((piece) => sourceText(tree, piece))
    .join(" ");
  return /\b(raise|fail|assert\w*)\b/.test(handler) ? [] : ["try"];
}

function guardAfter(statement: SyntaxNode): string[] {
  if (/^(ReturnStatement|RaiseStatement)$/.test(statement.name)) return ["after return"];
  const leaves = (node: SyntaxNode): boolean =>
    node.name === "ReturnStatement" || (node.name === "Body" && node.children.some(leaves));
  return statement.name === "IfStatement" && statement.children.some(leaves) ? ["after a conditional return"] : [];
}

function readAssertion(node: SyntaxNode, guards: readonly string[], search: PythonAssertionSearch): Assertion | null {
  const { tree } = search;
  const claim =
    node.name === "AssertStatement"
      ? assertedClaim(node, tree)
      : node.name === "CallExpression"
        ? calledClaim(node, tree)
        : null;
  if (claim === null) return null;
  const { subject, expected, matcher } = claim;
  const print = (piece: SyntaxNode | undefined) => (piece === undefined ? null : printSyntax(tree, piece));
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
    text: sourceText(tree, node).replace(/\s+/g, " ").slice(0, 200),
    outputs: expected === undefined ? [] : literalsIn(expected, tree),
    answers: expected === undefined ? [] : knowableAnswers(expected, tree),
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
  return /^(Number|String|Boolean|None)$/.test(node.name);
}

/** `assert a == b`, `assert not a`, `assert a`. */
function assertedClaim(node: SyntaxNode, tree: SyntaxTree): Claim {
  const [, given] = node.children;
  return truthClaim(given?.name === "ParenthesizedExpression" ? partsOf(given)[0] : given, tree);
}

function truthClaim(given: SyntaxNode | undefined, tree: SyntaxTree): Claim {
  if (given?.name === "UnaryExpression" && childOf(given, "not") !== undefined)
    return { matcher: "not", strength: 20, subject: given.children.at(-1), expected: undefined };
  if (given?.name === "CallExpression" && /^(isinstance|hasattr|callable|issubclass)\b/.test(sourceText(tree, given)))
    return { matcher: "isinstance", strength: 25, subject: given, expected: undefined };
  if (given?.name !== "BinaryExpression" || given.children.length < 3)
    return { matcher: "assert", strength: 20, subject: given, expected: undefined };
  const [left, right] = [given.children[0], given.children.at(-1)];
  const sign = tree.text
    .slice(left?.to ?? 0, right?.from ?? 0)
    .replace(/\s+/g, " ")
    .trim();
  const isNone = right !== undefined && sourceText(tree, right) === "None";
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
  const strength = strengths[sign];
  if (strength === undefined) return { matcher: "assert", strength: 20, subject: given, expected: undefined };
  return { matcher: sign, strength, subject: left, expected: right };
}

/** `self.assertEqual(a, b)`, `pytest.raises(E, match=…)`, `mock.assert_called_with(…)`. */
function calledClaim(node: SyntaxNode, tree: SyntaxTree): Claim | null {
  const [callee] = node.children;
  if (callee === undefined) return null;
  const name = /([A-Za-z_]\w*)$/.exec(sourceText(tree, callee).slice(-200))?.[1] ?? "";
  const known = methods.get(name);
  if (known === undefined && !/^assert\w+$/.test(name)) return null;
  const given = positional(childOf(node, "ArgList"));
  const [first, second] = given;
  if (name === "assertTrue" || name === "assert_") return truthClaim(first, tree);
  if (name === "raises" || name === "warns" || /^assert(Raises|Warns)/.test(name)) {
    if (name === "raises" && !/pytest|raises$/.test(sourceText(tree, callee))) return null;
    const isBroad = first !== undefined && /^(Base)?Exception$/.test(sourceText(tree, first));
    const hasMatch = /\bmatch\s*=/.test(sourceText(tree, node)) || /Regex$/.test(name);
    return { matcher: name, strength: (isBroad ? 24 : 36) + (hasMatch ? 10 : 0), subject: first, expected: undefined };
  }
  const isMock = /^assert_(called|any_call|has_calls|not_called)/.test(name);
  if (isMock)
    return { matcher: name, strength: known ?? 40, subject: callee.children[0], expected: childOf(node, "ArgList") };
  const single = /^assert(False|IsNone|IsNotNone)$/.test(name);
  return { matcher: name, strength: known ?? 40, subject: first, expected: single ? undefined : second };
}

/** Positional arguments. */
function positional(list: SyntaxNode | undefined): SyntaxNode[] {
  const children = list?.children ?? [];
  return partsOf(list).filter((piece) => {
    const at = children.indexOf(piece);
    return piece.name !== "AssignOp" && children[at + 1]?.name !== "AssignOp" && children[at - 1]?.name !== "AssignOp";
  });
}
