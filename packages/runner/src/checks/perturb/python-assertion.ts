/** Reads one Python assertion and finds the edit that makes it fail: another literal if it compares for equality, else its negation. Pure. */
import { childOf, partsOf, sourceText } from "@aedev/languages/tree/print-syntax";
import type { SyntaxNode, SyntaxTree } from "@aedev/languages/tree/syntax-node";
import { type Alteration, type NoAlteration, negation, pick } from "./alteration.ts";
import { alterFirst } from "./literals.ts";
import { pythonEquality, pythonOpposite, raising, warning, withoutArguments } from "./python-claims.ts";

interface Reading {
  readonly tree: SyntaxTree;
  readonly seed: string;
}
type Answer = Alteration | NoAlteration;

/** Hardly any code raises or warns with one of these, and they are subclasses of nothing that tests expect. */
const rareErrors = ["BufferError", "StopAsyncIteration", "EOFError", "UnboundLocalError"];
const rareWarnings = ["BytesWarning", "UnicodeWarning"];

/** Null if `node` is not an assertion. */
export function readPythonClaim(node: SyntaxNode, reading: Reading): Answer | null {
  if (node.name === "AssertStatement") return assertedClaim(node, reading);
  return node.name === "CallExpression" ? calledClaim(node, reading) : null;
}

function assertedClaim(node: SyntaxNode, reading: Reading): Answer {
  const given = node.children[1];
  if (given === undefined) return "no-safe-alteration";
  const { tree } = reading;
  if (/\bsnapshot\b/.test(sourceText(tree, given))) return "snapshot-file";
  const compared = given.name === "ParenthesizedExpression" ? partsOf(given)[0] : given;
  if (compared?.name === "BinaryExpression" && compared.children.length === 3) {
    const [left, operator, right] = compared.children;
    if (operator !== undefined && sourceText(tree, operator) === "==") {
      const literal = firstLiteral([right, left], reading);
      if (literal !== null) return literal;
    }
  }
  // A tuple is always true, whatever it holds.
  if (given.name === "TupleExpression") return "no-safe-alteration";
  return negation([
    { from: given.from, to: given.from, text: "not (" },
    { from: given.to, to: given.to, text: ")" },
  ]);
}

/** `self.assertEqual(a, b)`, `pytest.raises(E, match="…")`, `mock.assert_called_with(…)`. */
function calledClaim(node: SyntaxNode, reading: Reading): Answer | null {
  const { tree } = reading;
  const callee = node.children[0];
  if (callee === undefined) return null;
  const nameNode = callee.name === "MemberExpression" ? callee.children.at(-1) : callee;
  if (nameNode === undefined || !/^(PropertyName|VariableName)$/.test(nameNode.name)) return null;
  const name = sourceText(tree, nameNode);
  const isRaising = raising.test(name) || warning.test(name);
  if (isRaising && /^(raises|warns)$/.test(name) && !/^(pytest\s*\.\s*)?\w+$/.test(sourceText(tree, callee)))
    return null;
  if (!isRaising && !/^assert[A-Z_]\w*$/.test(name)) return null;
  const list = childOf(node, "ArgList");
  const given = givenArguments(list, tree);
  if (isRaising) return otherError(name, given, reading);
  if (name === "assertNumQueries" || /^assert_(that|never)$/.test(name)) return "no-safe-alteration";
  const literal = pythonEquality.test(name) ? firstLiteral(operandsOf(name, given), reading) : null;
  if (literal !== null) return literal;
  const opposite = pythonOpposite(name);
  if (opposite === undefined) return "no-safe-alteration";
  const rename = { from: nameNode.from, to: nameNode.to, text: opposite };
  if (!withoutArguments.test(opposite) || list === undefined) return negation([rename]);
  return negation([rename, { from: list.from, to: list.to, text: "()" }]);
}

interface Argument {
  readonly keyword: string | null;
  readonly value: SyntaxNode;
  readonly isSpread: boolean;
}

function givenArguments(list: SyntaxNode | undefined, tree: SyntaxTree): Argument[] {
  const children = (list?.children ?? []).filter(({ name }) => name !== "Comment");
  const found: Argument[] = [];
  let piece: SyntaxNode[] = [];
  for (const child of children.slice(1)) {
    if (child.name !== "," && child.name !== ")") {
      piece.push(child);
      continue;
    }
    const value = piece.at(-1);
    const isKeyword = piece.length === 3 && piece[1]?.name === "AssignOp";
    if (value !== undefined)
      found.push({
        keyword: isKeyword && piece[0] !== undefined ? sourceText(tree, piece[0]) : null,
        value,
        isSpread: /^\*+$/.test(piece[0]?.name ?? ""),
      });
    piece = [];
  }
  return found;
}

function operandsOf(name: string, given: readonly Argument[]): SyntaxNode[] {
  const isMock = name.startsWith("assert_called") || name === "assert_any_call";
  const used = isMock ? given : given.filter(({ keyword }) => keyword === null).slice(0, 2);
  return used
    .filter(({ isSpread }) => !isSpread)
    .map(({ value }) => value)
    .reverse();
}

/** A pattern that can't match, else an error that is not raised. */
function otherError(name: string, given: readonly Argument[], { tree, seed }: Reading): Answer {
  const positional = given.filter(({ keyword, isSpread }) => keyword === null && !isSpread);
  const pattern =
    given.find(({ keyword }) => keyword === "match" || keyword === "expected_regex")?.value ??
    (/Regexp?$/.test(name) ? positional[1]?.value : undefined);
  if (pattern?.name === "String")
    return { how: "literal", edits: [{ from: pattern.from, to: pattern.to, text: '"(?!)"' }] };
  const expected = positional[0]?.value ?? given.find(({ keyword }) => keyword === "expected_exception")?.value;
  if (expected === undefined || name === "deprecated_call") return "no-safe-alteration";
  const rare = raising.test(name) ? rareErrors : rareWarnings;
  const old = sourceText(tree, expected);
  const others = rare.filter((error) => !old.includes(error));
  const text = others[pick(seed, expected.from, others.length)] ?? "BufferError";
  return { how: "literal", edits: [{ from: expected.from, to: expected.to, text }] };
}

function firstLiteral(operands: readonly (SyntaxNode | undefined)[], reading: Reading): Alteration | null {
  return alterFirst(operands, { ...reading, language: "python" });
}
