/** Reads one JavaScript assertion and finds the edit that makes it fail: another literal if it compares for equality, else its negation. Pure. */

import { type Alteration, around, type NoAlteration, negation, pickLetter } from "../shared/alteration.ts";
import { alterFirst } from "../shared/altered-literals.ts";
import { fieldOf, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";
import { type CallChain, readChain } from "./javascript-calls.ts";
import { isMemberAccess } from "./javascript-syntax.ts";

export interface ClaimReading {
  readonly tree: SyntaxTree;
  readonly seed: string;
  /** The file's names for objects with assertion methods. */
  readonly receivers: ReadonlySet<string>;
}
type Answer = Alteration | NoAlteration;

/** Null if `node` is not an assertion. */
export function readClaim(node: SyntaxNode, parent: SyntaxNode | null, reading: ClaimReading): Answer | null {
  const isCall = node.name === "call_expression";
  // `expect(x).to.be.true` has no call at its end.
  const isProperty =
    isMemberAccess(node) &&
    /^(expression_statement|await_expression|return_statement|arrow_function)$/.test(parent?.name ?? "");
  if (!isCall && !isProperty) return null;
  // The node at the end of a longer chain reads the whole chain.
  if (node.field === "object" && !isServerExpectation(node)) return null;
  const chain = readChain(node);
  if (chain === null) return null;
  return (
    expectClaim(node, chain, reading) ??
    (isCall ? (calledClaim(node, chain, reading) ?? responseClaim(node, chain, reading)) : null)
  );
}

/** Alters `expect(x).not.toBe(y)`, `expect(x).to.be.true` or `x.should.equal(y)`. */
function expectClaim(node: SyntaxNode, chain: CallChain, reading: ClaimReading): Answer | null {
  const { names, inner, args } = chain;
  const [root = "", ...rest] = names;
  const isShould = rest.includes("should");
  const isExpect = /^(expect|should|expectTypeOf)$/.test(root) && inner.length > 0;
  if ((!isExpect && !isShould) || rest.length === 0 || root === "expectTypeOf") return null;
  const words = isExpect ? rest : rest.slice(rest.indexOf("should") + 1);
  if (words.length === 0 || words.at(-1) === "") return null;
  const matcher = words.at(-1) ?? "";
  if (words.some((one) => snapshotMethod.test(one))) return "snapshot-file";
  const isNegated = words.includes("not") || words.includes("never");
  const literal = isNegated || args === null ? null : matcherLiteral(matcher, { args, words }, reading);
  return literal ?? negatedChain(node, { isExpect, isNegated });
}

function matcherLiteral(
  matcher: string,
  { args, words }: { args: readonly SyntaxNode[]; words: readonly string[] },
  reading: ClaimReading,
): Alteration | null {
  const given =
    matcher === "property" || matcher === "toHaveProperty"
      ? args.slice(1, 2)
      : equalityMatcher.test(matcher) && !/^(include|contain|contains|includes|any)$/.test(words.at(-2) ?? "")
        ? args.slice(0, matcher === "toMatchInlineSnapshot" ? args.length : 8)
        : matching.test(matcher) || throwing.test(matcher)
          ? args.filter(({ name }) => name === "regex")
          : [];
  return alterFirst([...given].reverse(), reading);
}

/** Adds `.not` after `expect(…)`, `.resolves` or `.should`, or removes it. */
function negatedChain(node: SyntaxNode, { isExpect, isNegated }: { isExpect: boolean; isNegated: boolean }): Answer {
  const members: { property: SyntaxNode; dot: number; before: SyntaxNode }[] = [];
  let start: SyntaxNode | null = null;
  for (let at: SyntaxNode | undefined = node; at !== undefined; at = at.children[0]) {
    const [before, property] = [fieldOf(at, "object"), fieldOf(at, "property")];
    if (before !== undefined && property !== undefined) members.unshift({ property, dot: before.to, before });
    if (at.name === "call_expression" && at !== node) start = at;
  }
  const named = (...words: string[]) => members.find(({ property }) => words.includes(textOf(property)));
  if (isNegated) {
    const not = named("not", "never");
    return not === undefined ? "no-safe-alteration" : negation([{ from: not.dot, to: not.property.to, text: "" }]);
  }
  const after = isExpect ? (named("resolves", "rejects")?.property.to ?? start?.to) : named("should")?.property.to;
  return after === undefined ? "no-safe-alteration" : negation([{ from: after, to: after, text: ".not" }]);
}

/** Alters `assert.equal(a, b)`, `t.ok(x)`, `assert(x)` or `strictEqual(a, b)`. */
function calledClaim(node: SyntaxNode, chain: CallChain, reading: ClaimReading): Answer | null {
  const { names, args, inner } = chain;
  const [first = ""] = names;
  const method = names.at(-1) ?? "";
  if (args === null || inner.length > 0 || first === "" || notClaims.test(method)) return null;
  const isBare = names.length === 1;
  const isReceiver = commonReceiver.test(first) || reading.receivers.has(first);
  const isKnown = oppositeOf(method) !== undefined || truthMethod.test(method) || equalityMethod.test(method);
  const counts = isBare
    ? (first === "assert" || first === "ok" || libraryMethod.test(first)) && args.length > 0
    : libraryMethod.test(method) ||
      (isReceiver &&
        names.slice(1, -1).every((name) => receiverPath.test(name)) &&
        (isKnown || /^assert$/.test(first)));
  if (!counts) return null;
  if (snapshotMethod.test(method)) return "snapshot-file";
  return alterCalled(node, { method, args, isBare }, reading);
}

function alterCalled(
  node: SyntaxNode,
  { method, args, isBare }: { method: string; args: readonly SyntaxNode[]; isBare: boolean },
  reading: ClaimReading,
): Answer {
  const { tree } = reading;
  if (args.some(({ name }) => name === "spread_element")) return "no-safe-alteration";
  const [subject, expected] = args;
  if (truthMethod.test(method) && subject !== undefined) return negation(around(subject, "!("));
  const operands =
    throwing.test(method) || matching.test(method)
      ? args.slice(1, 2).filter(({ name }) => name === "regex" || name === "object")
      : equalityMethod.test(method)
        ? [expected, subject].filter((operand) => operand !== undefined)
        : [];
  const literal = /^(doesNotThrow|doesNotReject)$/.test(method) ? null : alterFirst(operands, reading);
  if (literal !== null) return literal;
  const opposite = oppositeOf(method);
  const callee = fieldOf(node, "function");
  const name = isMemberAccess(callee) ? fieldOf(callee, "property") : callee;
  const isDefined = !isBare || (opposite !== undefined && new RegExp(`\\b${opposite}\\b`, "u").test(tree.text));
  if (opposite !== undefined && name !== undefined && isDefined)
    return negation([{ from: name.from, to: name.to, text: opposite }]);
  if (!equalityMethod.test(method) || expected === undefined) return "no-safe-alteration";
  // No value equals an object that contains it.
  return { how: "literal", edits: around(expected, `{ ${pickLetter(reading.seed, expected.from)}: `, " }") };
}

/** Alters Supertest's `request(app).get("/").expect(200)`; each link of the chain is a claim. */
function responseClaim(node: SyntaxNode, { names, args, inner }: CallChain, reading: ClaimReading): Answer | null {
  if (names.length < 2 || names.at(-1) !== "expect" || args === null || inner.length === 0) return null;
  const given = args.filter(({ name }) => /^(number|string|regex|object|array)$/.test(name));
  const value = args.length > 1 && given[1] === args[1] ? given.slice(1, 2) : given.slice(0, 1);
  if (value.length === 0 || textOf(node).length === 0) return null;
  return alterFirst(value, reading);
}

function isServerExpectation(node: SyntaxNode): boolean {
  const callee = fieldOf(node, "function");
  const property = fieldOf(callee, "property");
  return (
    property !== undefined && textOf(property) === "expect" && fieldOf(callee, "object")?.name === "call_expression"
  );
}

const pairs =
  "equal/notEqual equals/notEquals strictEqual/notStrictEqual deepEqual/notDeepEqual deepEquals/notDeepEquals deepStrictEqual/notDeepStrictEqual " +
  "deepLooseEqual/notDeepLooseEqual looseEqual/notLooseEqual same/notSame strictSame/strictNotSame is/isNot throws/doesNotThrow " +
  "throw/doesNotThrow rejects/doesNotReject match/doesNotMatch isNull/isNotNull isUndefined/isDefined exists/notExists exist/notExist " +
  "include/notInclude deepInclude/notDeepInclude property/notProperty deepProperty/notDeepProperty nestedProperty/notNestedProperty " +
  "instanceOf/notInstanceOf typeOf/notTypeOf isArray/isNotArray isFunction/isNotFunction isObject/isNotObject isString/isNotString " +
  "isNumber/isNotNumber isBoolean/isNotBoolean isNaN/isNotNaN isEmpty/isNotEmpty isAbove/isAtMost isBelow/isAtLeast " +
  "sameMembers/notSameMembers sameDeepMembers/notSameDeepMembers sameOrderedMembers/notSameOrderedMembers ownProperty/notOwnProperty " +
  "isFrozen/isNotFrozen isSealed/isNotSealed isExtensible/isNotExtensible called/notCalled pass/fail isEqual/isNotEqual eql/notEql";

const opposites = new Map<string, string>([
  ["calledOnce", "notCalled"],
  ["calledTwice", "notCalled"],
  ["calledThrice", "notCalled"],
]);
for (const pair of pairs.split(" ")) {
  const [one = "", other = ""] = pair.split("/");
  opposites.set(one, opposites.get(one) ?? other);
  if (one !== "pass" && one !== "throw") opposites.set(other, opposites.get(other) ?? one);
}

/** The method that fails exactly if the given one holds; undefined if none does. */
const oppositeOf = (method: string): string | undefined => opposites.get(method);

/** Methods that claim that their first argument is true or false. */
const truthMethod =
  /^(ok|assert|true|truthy|isTrue|isOk|notOk|notok|false|falsy|isFalse|isNotOk|isNotTrue|isNotFalse|ifError|ifErr|iferror|error|assertTrue|assertFalse)$/;

/** Methods that compare for equality, so that they must fail with another literal. */
const equalityMethod =
  /^(equals?|strictEqual|deepEquals?|deepStrictEqual|partialDeepStrictEqual|deepLooseEqual|looseEqual|same|strictSame|is|eql?|isEqual|isEquivalent|lengthOf|callCount|calledWith|calledOnceWith|calledWithExactly|sameMembers|sameDeepMembers|sameOrderedMembers|assertEquals?)$/;

/** Matchers of `expect` that compare for equality. */
const equalityMatcher =
  /^(toBe|toEqual|toStrictEqual|equals?|eql?|toHaveLength|lengthOf|length|toHaveBeenCalledTimes|callCount|toHaveBeenCalledWith|toHaveBeenLastCalledWith|toHaveBeenNthCalledWith|toHaveBeenCalledExactlyOnceWith|calledWith|calledOnceWith|calledWithExactly|toHaveReturnedWith|toMatchObject|toContainEqual|toMatchInlineSnapshot|toThrowErrorMatchingInlineSnapshot|members|deepEqual|calledOnceWithExactly)$/;

const snapshotMethod =
  /^(toMatchSnapshot|toThrowErrorMatchingSnapshot|toMatchFileSnapshot|matchSnapshot|snapshot|fileSnapshot|assertSnapshot|toMatchImageSnapshot)$/;

/** Methods that take a function and the error that it throws. */
const throwing = /^(throws?|rejects|doesNotThrow|doesNotReject|throwsAsync|toThrow|toThrowError|Throw|rejectedWith)$/;
/** Methods that match a text with a pattern. */
const matching = /^(match|toMatch|matches)$/;

/** Methods that only assertion libraries have, whatever the receiver. */
const libraryMethod =
  /^(equal|notEqual|strictEqual|notStrictEqual|deepEqual|notDeepEqual|deepStrictEqual|notDeepStrictEqual|partialDeepStrictEqual|deepLooseEqual|looseEqual|notOk|truthy|falsy|strictSame|strictNotSame|throws|doesNotThrow|throwsAsync|doesNotReject|ifError|doesNotMatch|isTrue|isFalse|isNull|isUndefined|lengthOf)$/;
const commonReceiver = /^(t|tt|st|tb|test|tap|assert|chai|should|sinon)$/;
/** Properties between receiver and method. */
const receiverPath = /^(assert|strict|default|should|not)$/;
const notClaims =
  /^(plan|end|fail|comment|test|skip|todo|teardown|after|before|diagnostic|timeout|assertions|hasAssertions)$/;

/** Libraries whose default or namespace import has assertion methods. */
export const assertionLibrary =
  /^(node:assert(\/strict)?|assert(\/strict)?|chai|should|expect|expect\.js|power-assert|uvu\/assert|unexpected|vitest|@jest\/globals|sinon|tape|tap|node:test)$/;
