/** Finds the assertions in a piece of JavaScript: what each compares, how strictly, and what may keep it from running. */

import { knowableAnswers, literalsIn } from "../shared/literals.ts";
import type { Assertion } from "../shared/test-file.ts";
import { fieldOf, partsOf, printSyntax, signOf, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode } from "../tree/syntax-node.ts";
import { type CallChain, readChain } from "./javascript-calls.ts";
import { isMemberAccess } from "./javascript-syntax.ts";

interface JavascriptAssertionSearch {
  readonly lineOf: (offset: number) => number;
  /** Nested tests, whose assertions are read separately. */
  readonly without: ReadonlySet<SyntaxNode>;
}

const exits = /^(?:return|throw|break|continue)_statement$/;

export function findJavascriptAssertions(root: SyntaxNode, search: JavascriptAssertionSearch): Assertion[] {
  const found: Assertion[] = [];
  const visit = (node: SyntaxNode, guards: readonly string[], parent: SyntaxNode | null): void => {
    if (search.without.has(node)) return;
    const assertion = readAssertion(node, { search, guards, parent });
    if (assertion !== null) found.push(assertion);
    let inside = guards;
    for (const child of node.children) {
      // The inner links of a chain are not separate claims, but their arguments may contain claims.
      if (assertion !== null && child === node.children[0]) visitLinks(child, guards);
      else visit(child, [...inside, ...ownGuard(node, child)], node);
      if (node.name === "statement_block" || node.name === "program")
        inside = [...inside, ...guardAfter(child)].slice(0, 8);
    }
  };
  const visitLinks = (node: SyntaxNode, guards: readonly string[]): void => {
    for (const child of node.children) {
      if (child.field === "arguments") visit(child, guards, node);
      else if (child === node.children[0]) visitLinks(child, guards);
    }
  };
  visit(root, [], null);
  return found;
}

/** Whether a statement is one claim; a plan such as `t.plan(2)` is not, since it is about all claims. */
export function isJavascriptCheck(statement: SyntaxNode): boolean {
  let [inner] = partsOf(statement);
  while (inner !== undefined && /^(?:await|unary)_expression$/.test(inner.name)) inner = partsOf(inner).at(-1);
  return inner !== undefined && isJavascriptClaim(inner);
}

/** Whether an expression is one claim, and no plan. */
export function isJavascriptClaim(node: SyntaxNode): boolean {
  if (node.name !== "call_expression" && !isMemberAccess(node)) return false;
  const chain = readChain(node);
  const claim = chain === null ? null : (expectClaim(chain) ?? calledClaim(chain));
  return claim !== null && claim.matcher !== "plan" && claim.matcher !== "nothing";
}

/** How `parent` may keep its child from running, or from failing the test. */
function ownGuard(parent: SyntaxNode, child: SyntaxNode): string[] {
  const { name } = parent;
  if (/^(?:if_statement|ternary_expression)$/.test(name) && child.field !== "condition") return ["if"];
  if (/^(?:switch_body|catch_clause)$/.test(name)) return ["if"];
  if (/^(?:&&|\|\||\?\?)$/.test(signOf(parent) ?? "") && child.field === "right") return ["if"];
  if (name !== "try_statement" || child.field !== "body") return [];
  const handler = fieldOf(parent, "handler");
  const speaks =
    handler === undefined || /\b(throw|fail|reject|done|assert\w*|expect|next|ifError|error)\b/.test(textOf(handler));
  return speaks ? [] : ["try"];
}

function guardAfter(statement: SyntaxNode): string[] {
  if (exits.test(statement.name)) return ["after return"];
  if (statement.name !== "if_statement") return [];
  const leaves = (node: SyntaxNode): boolean =>
    exits.test(node.name)
      ? node.name !== "throw_statement"
      : /^(?:statement_block|else_clause)$/.test(node.name) && node.children.some(leaves);
  return statement.children.some(leaves) ? ["after a conditional return"] : [];
}

function readAssertion(
  node: SyntaxNode,
  {
    search,
    guards,
    parent,
  }: { search: JavascriptAssertionSearch; guards: readonly string[]; parent: SyntaxNode | null },
): Assertion | null {
  if (node.name !== "call_expression" && !(isMemberAccess(node) && parent?.name === "expression_statement"))
    return null;
  const chain = readChain(node);
  const claim = chain === null ? null : (expectClaim(chain) ?? calledClaim(chain));
  if (claim === null) return null;

  const print = (piece: SyntaxNode | undefined) => (piece === undefined ? null : printSyntax(piece));
  const read = { ...claim, ...comparisonWithin(claim) };
  const subject = print(read.subject) ?? "";
  const expected = read.expected.length === 0 ? null : read.expected.map((piece) => print(piece)).join(" , ");
  const isPromise =
    /\b(resolves|rejects|eventually|doesNotReject|throwsAsync|notThrowsAsync|rejected|rejectedWith)\b/.test(
      claim.words,
    );
  const isAwaited =
    parent === null || /^(await_expression|return_statement|arrow_function|arguments|array)$/.test(parent.name);
  return {
    subject,
    expected,
    matcher: read.negated ? `not ${read.matcher}` : read.matcher,
    strength: strengthOf({ ...read, subjectText: subject, expectedText: expected }),
    guards: [...guards, ...(isPromise && !isAwaited ? ["not awaited"] : [])],
    line: search.lineOf(node.from),
    text: textOf(node).replace(/\s+/g, " ").slice(0, 200),
    outputs: read.expected.flatMap((piece) => literalsIn(piece)),
    answers: read.expected.flatMap((piece) => knowableAnswers(piece)),
    isSnapshot: snapshotMatcher.test(claim.matcher),
  };
}

interface Claim {
  readonly matcher: string;
  readonly words: string;
  readonly negated: boolean;
  readonly subject: SyntaxNode | undefined;
  readonly expected: readonly SyntaxNode[];
}

/** Reads `expect(x).not.toBe(y)`, `expect(x).to.be.true` or `x.should.equal(y)`. */
function expectClaim(chain: CallChain): Claim | null {
  const { names, inner, args } = chain;
  const [root = "", ...rest] = names;
  const isShould = rest.includes("should");
  const isExpect = /^(expect|should|expectTypeOf|assertThat)$/.test(root);
  if (!isExpect && !isShould) return null;
  if (isExpect && rest.length > 0 && /^(assertions|hasAssertions)$/.test(rest[0] ?? ""))
    return { matcher: "plan", words: "plan", negated: false, subject: undefined, expected: args ?? [] };
  const given = isExpect && rest.length > 0 ? (inner[0] ?? []) : (args ?? []);
  // `expect.extend(…)` and `expect.any(…)` claim nothing.
  if (isExpect && rest.length > 0 && inner.length === 0) return null;
  const words = isShould && !isExpect ? rest.slice(rest.indexOf("should") + 1) : rest;
  const significant = words.filter((name) => !filler.has(name) && name !== "not");
  const matcher = significant.at(-1) ?? (rest.length === 0 ? "nothing" : "be");
  const isDeep = words.includes("deep") && /^equals?$/.test(matcher);
  return {
    matcher: isDeep ? "toEqual" : /^equals?$/.test(matcher) ? "toBe" : matcher,
    words: rest.join(" "),
    negated: words.includes("not"),
    subject: isShould && !isExpect ? chain.root : given[0],
    expected: rest.length > 0 && args !== null ? args : [],
  };
}

/** Reads `assert.equal(a, b)`, `t.ok(x)`, `assert(x)`, `strictEqual(a, b)` or `assertSame(a, b)`. */
function calledClaim({ names, args, inner, root }: CallChain): Claim | null {
  if (args === null || inner.length > 0) return null;
  const [first = ""] = names;
  const method = names.at(-1) ?? "";
  const isBare = names.length === 1 && (bareCall.test(first) || (clearMethod.test(first) && args.length > 0));
  const isMethod =
    names.length > 1 &&
    (clearMethod.test(method) || (knownReceiver.test(first) && receiverMethod.test(method)) || /^assert/.test(first));
  if (!isBare && !isMethod) return null;
  if (root.name !== "identifier" && root.name !== "this" && !clearMethod.test(method)) return null;
  if (method === "fail" || method === "rejects.value") return null;
  const takes =
    /^(ok|assert|true|false|notOk|truthy|falsy|isOk|isTrue|isFalse|isNull|isUndefined|exists?|ifError|error|pass|isNotNull|isDefined|not)$/.test(
      method,
    )
      ? 1
      : 2;
  const second = args[1];
  const isMessage =
    /^(throws|rejects|throwsAsync)$/.test(method) && second !== undefined && /string$/.test(second.name);
  const expected =
    method === "plan"
      ? args
      : isMessage || takes === 1
        ? []
        : comparing.test(method) || /throws|rejects/i.test(method)
          ? args.slice(1, 2)
          : args.slice(1);
  return { matcher: method, words: method, negated: false, subject: method === "plan" ? undefined : args[0], expected };
}

/** Reads `assert(a === b)` as `assert.strictEqual(a, b)`. */
function comparisonWithin({ matcher, subject, expected, negated }: Claim): Partial<Claim> {
  const isTruth =
    /^(ok|assert|true|truthy|isOk|isTrue|toBeTruthy)$/.test(matcher) ||
    (matcher === "toBe" && expected.length === 1 && expected[0] !== undefined && textOf(expected[0]) === "true");
  const inner = subject?.name === "parenthesized_expression" ? partsOf(subject)[0] : subject;
  const [left, right] = [fieldOf(inner, "left"), fieldOf(inner, "right")];
  if (!isTruth || inner?.name !== "binary_expression" || left === undefined || right === undefined) return {};
  const matchers: Readonly<Record<string, string>> = {
    "===": "strictEqual",
    "==": "equal",
    "!==": "notStrictEqual",
    "!=": "notEqual",
    "<": "lt",
    ">": "gt",
    "<=": "lte",
    ">=": "gte",
    instanceof: "instanceOf",
    "||": "or",
    "&&": "and",
  };
  const found = matchers[signOf(inner) ?? ""];
  if (found === undefined) return {};
  if (found === "or" || found === "and") return { matcher: found, negated };
  return { matcher: found, subject: left, expected: [right], negated };
}

function strengthOf(claim: Claim & { subjectText: string; expectedText: string | null }): number {
  const { matcher, negated, subject, expected, subjectText, expectedText } = claim;
  if (matcher === "nothing" || matcher === "or") return matcher === "or" ? 10 : 0;
  const isConstant = subject !== undefined && /^(number|string|true|false|null)$/.test(subject.name);
  const comparesItself = expectedText !== null && expectedText === subjectText;
  if (isConstant && (expected.length === 0 || /^(number|string|true|false|null)$/.test(expected[0]?.name ?? "")))
    return 0;
  if (comparesItself) return 0;
  if (negated) return Math.min(20, matcherStrength(matcher));
  const base = matcherStrength(matcher);
  if (expectedText !== null && looseValue.test(expectedText)) return Math.min(base, 34);
  if (/throw|reject/i.test(matcher) && expected.length > 0) return base + 14;
  return base;
}

const byName = new Map<string, number>();
const rank = (strength: number, names: string) => {
  for (const name of names.split(" ")) byName.set(name, strength);
};
rank(
  60,
  "toBe toStrictEqual strictEqual deepStrictEqual partialDeepStrictEqual is strictSame eql toBeNull toBeNaN null toBeUndefined undefined toHaveLength lengthOf rejects.value calledWithExactly toHaveBeenNthCalledWith snapshot matchSnapshot toMatchSnapshot toMatchInlineSnapshot toThrowErrorMatchingSnapshot toThrowErrorMatchingInlineSnapshot assertSnapshot",
);
rank(
  56,
  "toEqual deep.equal isNull isUndefined isTrue isFalse isNaN true false toHaveBeenCalledWith calledWith calledOnceWith same toHaveReturnedWith toHaveBeenLastCalledWith toHaveBeenCalledExactlyOnceWith length",
);
rank(
  50,
  "equal equals eq deepEqual deepEquals toHaveBeenCalledTimes callCount toHaveProperty toHaveBeenCalledOnce calledOnce jsonEqual html",
);
rank(45, "looseEqual looseEquals deepLooseEqual isEqual isEquivalent");
rank(
  40,
  "toMatchObject like has hasStrict toContainEqual members include.members sameMembers containSubset property propertyVal include.keys keys",
);
rank(
  36,
  "toContain contain contains include includes match matches toMatch toBeCloseTo closeTo approximately approx string toContainText",
);
rank(
  30,
  "toBeGreaterThan toBeGreaterThanOrEqual toBeLessThan toBeLessThanOrEqual above below least most within isAbove isBelow isAtLeast isAtMost gt gte lt lte greaterThan lessThan oneOf toBeOneOf",
);
rank(
  25,
  "toBeInstanceOf instanceOf instanceof a an typeOf isString isNumber isArray isObject isFunction type toHaveBeenCalled called isType",
);
rank(
  20,
  "ok assert truthy toBeTruthy falsy toBeFalsy notOk isOk isNotOk toBeVisible toBeInTheDocument empty isEmpty notEqual notStrictEqual notDeepEqual notDeepStrictEqual notSame not isNot doesNotMatch notMatch unlike isNotNull toBeNotNull",
);
rank(15, "toBeDefined exist exists isDefined notUndefined isNotUndefined");
rank(
  10,
  "doesNotThrow notThrows notThrowsAsync doesNotReject ifError error pass plan assertions hasAssertions expect notThrow",
);
rank(32, "throws throw toThrow toThrowError throwsAsync rejects rejected rejectedWith Throw");

/** The strength of a method; a medium value for an unknown one, such as a project's own. */
function matcherStrength(name: string): number {
  return byName.get(name) ?? 40;
}

const snapshotMatcher = /snapshot/i;
/** Methods that take two values and then a message. */
const comparing =
  /equal|same|^is(Not)?$|^eql?$|^equals$|^like$|^match(es)?$|^include|^contain|^has|^looseEqual|^(gt|lt)e?$|above|below|least|most|closeTo|approx|instanceOf|typeOf|property|length|keys|members|^type$/i;
/** Words of a chain that have no effect. */
const filler: ReadonlySet<string> = new Set(
  "to be been is that which and has have with at of same but does still also resolves rejects eventually deep nested own ordered any all should".split(
    " ",
  ),
);
/** Expected values that match more than one value. */
const looseValue =
  /\b(anything|any|objectContaining|arrayContaining|stringContaining|stringMatching|closeTo|approx|ANY|mock\.ANY|sinon\s*\.\s*match|match\s*\.\s*any)\b/;
/** Methods that only assertion libraries have, whatever the receiver. */
const clearMethod =
  /^(equal|notEqual|strictEqual|notStrictEqual|deepEqual|notDeepEqual|deepStrictEqual|notDeepStrictEqual|partialDeepStrictEqual|deepLooseEqual|looseEqual|notOk|truthy|falsy|strictSame|strictNotSame|throws|doesNotThrow|throwsAsync|notThrows|notThrowsAsync|doesNotReject|ifError|doesNotMatch|isTrue|isFalse|isNull|isUndefined|lengthOf)$/;
/** Receivers on which other methods count too. */
const knownReceiver = /^(t|tt|st|tb|test|tap|q|a|assert|chai|self|is)$/;
const receiverMethod =
  /^(equals?|is|isNot|not|ok|true|false|same|notSame|like|unlike|match|notMatch|error|fail|pass|has|hasStrict|type|snapshot|matchSnapshot|plan|rejects|exists?|include|includes|instanceOf|property|typeOf|above|below|closeTo|\w*[eE]qual\w*|is[A-Z]\w*|notEqual|throws|assert)$/;
const bareCall = /^(assert|ok|assert[A-Z_]\w*|expect[A-Z_]\w*|verify[A-Z_]\w*)$/;
