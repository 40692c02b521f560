/** Reads one Python assertion and finds the edit that makes it fail: another literal if it compares for equality, else its negation. Pure. */
import { type Alteration, around, type NoAlteration, negation, oppositesOf, pick } from "../shared/alteration.ts";
import { alterFirst } from "../shared/altered-literals.ts";
import { childOf, fieldOf, partsOf, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode } from "../tree/syntax-node.ts";
import { comparisonsOf } from "./python-syntax.ts";

interface Reading {
  readonly seed: string;
}
type Answer = Alteration | NoAlteration;

/** Errors and warnings that hardly any code raises and that are no subclasses of what tests usually expect. */
const rareErrors = ["BufferError", "StopAsyncIteration", "EOFError", "UnboundLocalError"];
const rareWarnings = ["BytesWarning", "UnicodeWarning"];

/** Null if `node` is not an assertion. */
export function readPythonClaim(node: SyntaxNode, reading: Reading): Answer | null {
  if (node.name === "assert_statement") return assertedClaim(node, reading);
  return node.name === "call" ? calledClaim(node, reading) : null;
}

function assertedClaim(node: SyntaxNode, reading: Reading): Answer {
  const [, given] = partsOf(node);
  if (given === undefined) return "no-safe-alteration";

  if (/\bsnapshot\b/.test(textOf(given))) return "snapshot-file";
  const inner = given.name === "parenthesized_expression" ? partsOf(given)[0] : given;
  const compared = inner === undefined ? undefined : comparisonsOf(inner).at(-1);
  if (compared?.sign === "==") {
    const literal = alterFirst([compared.right, compared.left], reading);
    if (literal !== null) return literal;
  }
  // A tuple is always true, whatever it holds.
  if (given.name === "tuple") return "no-safe-alteration";
  return negation(around(given, "not ("));
}

/** Alters `self.assertEqual(a, b)`, `pytest.raises(E, match="…")` or `mock.assert_called_with(…)`. */
function calledClaim(node: SyntaxNode, reading: Reading): Answer | null {
  const callee = node.children[0];
  if (callee === undefined) return null;
  const nameNode = callee.name === "attribute" ? fieldOf(callee, "attribute") : callee;
  if (nameNode?.name !== "identifier") return null;
  const name = textOf(nameNode);
  const isRaising = raising.test(name) || warning.test(name);
  if (isRaising && /^(raises|warns)$/.test(name) && !/^(pytest\s*\.\s*)?\w+$/.test(textOf(callee))) return null;
  if (!isRaising && !/^assert[A-Z_]\w*$/.test(name)) return null;
  const list = childOf(node, "argument_list");
  const given = givenArguments(list);
  if (isRaising) return otherError(name, given, reading);
  if (name === "assertNumQueries" || /^assert_(that|never)$/.test(name)) return "no-safe-alteration";
  const literal = pythonEquality.test(name) ? alterFirst(operandsOf(name, given), reading) : null;
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

function givenArguments(list: SyntaxNode | undefined): Argument[] {
  return partsOf(list).map((given) => {
    const [keyword, value] = given.name === "keyword_argument" ? [fieldOf(given, "name"), fieldOf(given, "value")] : [];
    return {
      keyword: keyword === undefined ? null : textOf(keyword),
      value: value ?? given,
      isSpread: given.name.endsWith("_splat"),
    };
  });
}

function operandsOf(name: string, given: readonly Argument[]): SyntaxNode[] {
  const isMock = name.startsWith("assert_called") || name === "assert_any_call";
  const used = isMock ? given : given.filter(({ keyword }) => keyword === null).slice(0, 2);
  return used
    .filter(({ isSpread }) => !isSpread)
    .map(({ value }) => value)
    .reverse();
}

/** Replaces the pattern with one that can't match, or the expected error with a rare one. */
function otherError(name: string, given: readonly Argument[], { seed }: Reading): Answer {
  const positional = given.filter(({ keyword, isSpread }) => keyword === null && !isSpread);
  const pattern =
    given.find(({ keyword }) => keyword === "match" || keyword === "expected_regex")?.value ??
    (/Regexp?$/.test(name) ? positional[1]?.value : undefined);
  if (pattern?.name === "string")
    return { how: "literal", edits: [{ from: pattern.from, to: pattern.to, text: '"(?!)"' }] };
  const expected = positional[0]?.value ?? given.find(({ keyword }) => keyword === "expected_exception")?.value;
  if (expected === undefined || name === "deprecated_call") return "no-safe-alteration";
  const rare = raising.test(name) ? rareErrors : rareWarnings;
  const old = textOf(expected);
  const others = rare.filter((error) => !old.includes(error));
  const text = others[pick(seed, expected.from, others.length)] ?? "BufferError";
  return { how: "literal", edits: [{ from: expected.from, to: expected.to, text }] };
}

const pairs =
  "assertEqual/assertNotEqual assertEquals/assertNotEquals assertIs/assertIsNot assertIsNone/assertIsNotNone assertIn/assertNotIn " +
  "assertIsInstance/assertNotIsInstance assertRegex/assertNotRegex assertAlmostEqual/assertNotAlmostEqual assertTrue/assertFalse " +
  "assertGreater/assertLessEqual assertLess/assertGreaterEqual assert_called/assert_not_called";
/** Opposites that are not exact, but fail if the assertion holds. */
const oneWay =
  "assertDictEqual/assertNotEqual assertListEqual/assertNotEqual assertTupleEqual/assertNotEqual assertSetEqual/assertNotEqual " +
  "assertSequenceEqual/assertNotEqual assertMultiLineEqual/assertNotEqual assert_called_once/assert_not_called " +
  "assert_called_with/assert_not_called assert_called_once_with/assert_not_called assert_any_call/assert_not_called " +
  "assert_has_calls/assert_not_called assert_awaited/assert_not_awaited assert_awaited_once/assert_not_awaited " +
  "assert_awaited_with/assert_not_awaited assert_not_awaited/assert_awaited";

const opposites = oppositesOf(pairs, oneWay);

/** The method that fails if the given one holds; undefined if none does. */
const pythonOpposite = (method: string): string | undefined => opposites.get(method);

/** Methods that compare for equality, so that they must fail with another literal. */
const pythonEquality =
  /^(assertEquals?|assertCountEqual|assertItemsEqual|assert(Dict|List|Tuple|Set|Sequence)Equal|assertMultiLineEqual|assert_equal|assert_array_equal|assert_allclose|assert_array_almost_equal|assert_almost_equal|assert_frame_equal|assert_series_equal|assert_called_with|assert_called_once_with|assert_any_call)$/;

/** Methods without arguments; an edit to one of them drops the arguments. */
const withoutArguments = /^assert_(not_)?(called|awaited)$/;

/** Methods whose argument is the expected error or warning. */
const raising = /^(raises|assertRaises|assertRaisesRegex|assertRaisesRegexp)$/;
const warning = /^(warns|assertWarns|assertWarnsRegex|deprecated_call)$/;
