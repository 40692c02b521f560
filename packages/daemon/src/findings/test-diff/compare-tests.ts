/** Compares two versions of a test file: which tests are new, changed or removed, and which check less than before. Pure. */

import { type TestFinding, testFindingSchema } from "@aedev/contracts";
import { haveGrown, isGrownPiece, withoutTwins } from "@aedev/languages/shared/growth";
import type { Assertion, Mark, Piece, TestCase, TestFile, TestTitle } from "@aedev/languages/shared/test-file";
import { z } from "zod";

/** A removed or new test, with the digest that shows whether it only moved. */
const relocatedTestSchema = z.strictObject({
  name: z.string(),
  line: z.int(),
  digest: z.string(),
  assertions: z.int().nonnegative(),
});
export type RelocatedTest = z.infer<typeof relocatedTestSchema>;
export const comparisonSchema = z.strictObject({
  changed: z.array(z.string()),
  /** Those of the changed tests that differ only in values that they expect. */
  expectingOtherwise: z.array(z.string()),
  added: z.array(relocatedTestSchema),
  removed: z.array(relocatedTestSchema),
  /** Tests with a new title and no other change: the names before and after. */
  renamed: z.array(z.strictObject({ from: z.string(), to: z.string() })),
  /** Names of tests in both versions, changed or not. */
  kept: z.array(z.string()),
  findings: z.array(testFindingSchema),
  assertionsBefore: z.int().nonnegative(),
  assertionsAfter: z.int().nonnegative(),
  supportChanged: z.boolean(),
  /** Something outside the tests was removed or changed, even if no test of this file mentions it. */
  supportLost: z.boolean(),
});
export type Comparison = z.infer<typeof comparisonSchema>;

const textCharactersMax = 300;

export function compareTests(before: TestFile, after: TestFile): Comparison {
  const pairs = pairTests(before, after);
  const supportChanged = differ(before.support, after.support) || differ(after.support, before.support);
  const sharedLosses = compareAssertions(null, before.shared, after.shared);
  return {
    changed: [...new Set(pairs.changed.map(([old]) => old.name))],
    expectingOtherwise: supportChanged ? [] : expectingOtherwise(pairs.changed),
    added: pairs.added.map(relocatedTest),
    removed: pairs.removed.map(relocatedTest),
    renamed: pairs.renamed.map(([old, young]) => ({ from: old.name, to: young.name })),
    kept: keptNames(before, pairs),
    findings: [
      ...pairs.changed.flatMap(([old, young]) => compareAssertions(young.name, old.assertions, young.assertions)),
      ...sharedLosses,
      ...compareMarks(before, after),
      ...newErrors(before, after),
    ],
    assertionsBefore: countOf(before),
    assertionsAfter: countOf(after),
    supportChanged,
    supportLost: lostPieces(before, after).length > 0,
  };
}

/** The names of which every changed test differs only in written values that it expects, in as many assertions about the same. */
function expectingOtherwise(changed: readonly (readonly [TestCase, TestCase])[]): string[] {
  const byName = Map.groupBy(changed, ([{ name }]) => name);
  return [...byName].flatMap(([name, pairs]) => (pairs.every((pair) => expectsOtherwise(...pair)) ? [name] : []));
}

function expectsOtherwise({ growth, assertions }: TestCase, young: TestCase): boolean {
  const { count } = growth;
  if (count !== young.growth.count || growth.frame(count) !== young.growth.frame(count)) return false;
  if (growth.rows().length !== young.growth.rows().length || assertions.length !== young.assertions.length)
    return false;
  return assertions.every((old, at) => {
    const now = young.assertions[at];
    if (now === undefined || withoutExpected(old) !== withoutExpected(now) || old.strength !== now.strength)
      return false;
    return old.expected === now.expected || (!old.isSnapshot && isWritten(old.expected) && isWritten(now.expected));
  });
}

const withoutExpected = ({ subject, matcher, guards }: Assertion) => JSON.stringify([subject, matcher, guards]);

/** Whether a value in normal form is written out: texts, numbers and the like, in lists and objects. */
function isWritten(expected: string | null): boolean {
  if (expected === null) return false;
  const rest = expected.replaceAll(/(["'`])(?:\\.|(?!\1)[^\\])*\1/gu, " ").replaceAll(/-?\d[\w.]*/gu, " ");
  // In a dictionary of Python, a key without quotes is a variable.
  const bare = rest.includes("dictionary(") ? rest : rest.replaceAll(/[\w$]+(?= : )/gu, " ");
  const words = bare.replaceAll(
    /\b(?:array|object|pair|list|tuple|dictionary|unary_expression|unary_operator|set)\(/gu,
    " ",
  );
  return !/[a-z_$]/iu.test(words.replaceAll(/\b(?:true|false|null|undefined|True|False|None|nil)\b/gu, " "));
}

function keptNames({ tests }: TestFile, { removed, renamed }: ReturnType<typeof pairTests>): string[] {
  const gone = new Set([...removed, ...renamed.map(([old]) => old)].map(({ name }) => name));
  return [...new Set(tests.map(({ name }) => name))].filter((name) => !gone.has(name));
}

function relocatedTest({ name, line, whole, assertions }: TestCase): RelocatedTest {
  return { name, line, digest: whole, assertions: assertions.length };
}

/** Whether one side has a piece that the other lacks. */
function differ(one: readonly Piece[], other: readonly Piece[]): boolean {
  return withoutTwins(one, other, ({ digest }) => digest).length > 0;
}

function countOf({ tests, shared }: TestFile): number {
  return tests.reduce((sum, test) => sum + test.assertions.length, shared.length);
}

/** Pairs tests by name; among tests of one name, equal ones first, then in order. A test without a pair may have a new title. */
function pairTests(before: TestFile, after: TestFile) {
  const failing = [...before.marks, ...after.marks].filter(({ mayFail }) => mayFail === true);
  const checksAll = (test: TestCase, other: TestCase) =>
    !failing.some(({ owner }) => isOf(test.name, owner) || isOf(other.name, owner)) && hasGrown(test, other);
  const changed: [TestCase, TestCase][] = [];
  const added: TestCase[] = [];
  const removed: TestCase[] = [];
  const young = Map.groupBy(after.tests, ({ name }) => name);
  const old = Map.groupBy(before.tests, ({ name }) => name);
  for (const [name, olds] of old) {
    const youngs = young.get(name) ?? [];
    const left = withoutEqual(olds, youngs);
    const right = withoutEqual(youngs, olds);
    for (const [index, test] of left.entries()) {
      const other = right[index];
      if (other === undefined) removed.push(test);
      else if (checksAll(test, other)) added.push(other);
      else changed.push([test, other]);
    }
    added.push(...right.slice(left.length));
  }
  for (const [name, youngs] of young) if (!old.has(name)) added.push(...youngs);
  const renamed = renamedTests({ before, after }, { removed, added }, checksAll);
  const others = new Set(renamed.values());
  return {
    changed,
    added: added.filter((test) => !others.has(test)),
    removed: removed.filter((test) => !renamed.has(test)),
    renamed: [...renamed],
  };
}

/** Whether a mark's owner is the test, its group or its file. */
function isOf(name: string, owner: string): boolean {
  return owner === "" || name === owner || name.startsWith(`${owner} > `);
}

/** Whether a test only got more rows or more statements at its end, so that its old checks still run as before. */
function hasGrown({ growth: old }: TestCase, { growth: young }: TestCase): boolean {
  const { count } = old;
  const hasExtra = count !== null && young.count !== null && young.count > count;
  if (count !== young.count && !hasExtra) return false;
  if (hasExtra && !young.areOnlyAdded(count)) return false;
  return old.frame(count) === young.frame(count) && haveGrown(old.rows(), young.rows());
}

/** The old pieces that the new version lacks, also in a form with more rows. */
function lostPieces(before: TestFile, after: TestFile): Piece[] {
  const digestOf = ({ digest }: Piece) => digest;
  const lost = withoutTwins(withoutTwins(before.support, before.inert, digestOf), after.support, digestOf);
  const frameOf = ({ growth }: Piece) => growth?.().frame.digest;
  const fresh = Map.groupBy(withoutTwins(after.support, before.support, digestOf), frameOf);
  return lost.filter((piece) => {
    const alike = fresh.get(frameOf(piece)) ?? [];
    const at = alike.findIndex((one) => isGrownPiece(piece, one));
    if (at !== -1) alike.splice(at, 1);
    return at === -1;
  });
}

/** Elements of `tests` without an equal in `others`, counting repetitions. */
function withoutEqual(tests: readonly TestCase[], others: readonly TestCase[]): TestCase[] {
  return withoutTwins(tests, others, ({ whole }) => whole);
}

/** Pairs assertions about the same subject first, the others in order; an old assertion without a pair was removed. */
function compareAssertions(
  test: string | null,
  before: readonly Assertion[],
  after: readonly Assertion[],
): TestFinding[] {
  const left = withoutTwins(before, after, keyOf);
  const right = withoutTwins(after, before, keyOf);
  const free = new Set(right);
  const bySubject = Map.groupBy(right, ({ subject }) => subject);
  const pairs: [Assertion, Assertion | undefined][] = [];
  const following: Assertion[] = [];
  for (const old of left) {
    const same = bySubject.get(old.subject)?.find((one) => free.has(one));
    if (same === undefined) following.push(old);
    else {
      free.delete(same);
      pairs.push([old, same]);
    }
  }
  const rest = [...free];
  for (const [index, old] of following.entries()) pairs.push([old, rest[index]]);
  return pairs.flatMap(([old, young]) => {
    if (young === undefined) return [finding("assertion-removed", test, old.line, `was: ${old.text}`)];
    const why = whyWeaker(old, young);
    if (why !== null) return [finding("assertion-weakened", test, young.line, `${why}: ${old.text} → ${young.text}`)];
    const isRewritten = old.isSnapshot && old.expected !== young.expected;
    return isRewritten ? [finding("snapshot-rewritten", test, young.line, `${old.text} → ${young.text}`)] : [];
  });
}

function keyOf({ subject, matcher, expected, guards }: Assertion): string {
  return JSON.stringify([subject, matcher, expected, guards]);
}

const higherIsStricter =
  /^(gt|gte|>|>=|toBeGreaterThan|toBeGreaterThanOrEqual|above|least|isAbove|isAtLeast|plan|assertGreater|assertGreaterEqual)$/;
const lowerIsStricter =
  /^(lt|lte|<|<=|toBeLessThan|toBeLessThanOrEqual|below|most|isBelow|isAtMost|assertLess|assertLessEqual)$/;

/** Why `young` claims less than `old`; null if nothing shows that it does. */
function whyWeaker(old: Assertion, young: Assertion): string | null {
  const guard = withoutTwins(young.guards, old.guards, (one) => one)[0];
  if (guard !== undefined) return guardWords[guard] ?? guard;
  if (young.strength === 0 && old.strength > 0) return "claims nothing about the code";
  if (young.strength < old.strength)
    return old.matcher === young.matcher ? "looser" : `${old.matcher} became ${young.matcher}`;
  if (old.matcher === `not ${young.matcher}` || young.matcher === `not ${old.matcher}`) return "negated";
  if (old.matcher !== young.matcher || old.subject !== young.subject) return null;
  const [before, after] = [Number(old.outputs.at(-1)), Number(young.outputs.at(-1))];
  if (higherIsStricter.test(young.matcher) && after < before) return "lower bound decreased";
  if (lowerIsStricter.test(young.matcher) && after > before) return "upper bound increased";
  if (young.matcher === "toBeCloseTo" && after < before) return "fewer digits";
  if (/^(closeTo|approximately|approx)$/.test(young.matcher) && after > before) return "a larger tolerance";
  return null;
}
const guardWords: Readonly<Record<string, string>> = {
  if: "now behind a condition",
  try: "its failure is swallowed",
  "after return": "now after a return",
  "after a conditional return": "now after a conditional return",
  "not awaited": "no longer awaited",
};

function compareMarks(before: TestFile, after: TestFile): TestFinding[] {
  const existing = new Set(before.tests.map(({ name }) => name));
  // The tests of a marked group show whether the group is new.
  const isKnown = (owner: string) =>
    owner === ""
      ? before.tests.length > 0
      : existing.has(owner) || before.tests.some(({ name }) => name.startsWith(`${owner} > `));
  const findings: TestFinding[] = [];
  const old = Map.groupBy(before.marks, markKey);
  for (const [key, marks] of Map.groupBy(after.marks, markKey)) {
    const [last] = marks.slice(-1);
    if (last === undefined) continue;
    const { kind, owner, line, text } = last;
    const test = owner === "" ? null : owner;
    const known = old.get(key) ?? [];
    if (kind === "skip" || kind === "only" || kind === "todo") {
      // A new skipped test removes nothing, but a new `only` keeps all others from running.
      if (marks.length > known.length && (kind === "only" || isKnown(owner)))
        findings.push(finding(`${kind}-added`, test, line, text));
    } else if (isKnown(owner) && raised(marks, known)) {
      const was = known.length === 0 ? "none" : known.map((mark) => mark.text).join(", ");
      findings.push(finding(kind === "timeout" ? "timeout-raised" : "retries-raised", test, line, `${was} → ${text}`));
    }
  }
  const kept = new Set(after.marks.map(markKey));
  for (const [key, [mark]] of old)
    if (mark?.kind === "timeout" && !kept.has(key) && after.tests.some(({ name }) => name === mark.owner))
      findings.push(finding("timeout-raised", mark.owner === "" ? null : mark.owner, 0, `${mark.text} is gone`));
  return findings;
}

function markKey({ kind, owner }: Mark): string {
  return `${kind}\n${owner}`;
}

/** Whether a limit was raised, or is computed and differs from before. */
function raised(after: readonly Mark[], before: readonly Mark[]): boolean {
  const newest = withoutTwins(after, before, ({ text }) => text);
  if (newest.length === 0) return false;
  const most = (marks: readonly Mark[]) => Math.max(...marks.map(({ value }) => value));
  if (before.length === 0) return true;
  return !(most(after) <= most(before));
}

/** Findings for new places that the grammar can't read, since their content is unknown. */
export function newErrors(before: Pick<TestFile, "errors">, after: Pick<TestFile, "errors">): TestFinding[] {
  const [error] = withoutTwins(after.errors, before.errors, (text) => text);
  return error === undefined ? [] : [finding("parse-failed", null, 0, `a syntax error near: ${error}`)];
}

export function finding(kind: TestFinding["kind"], test: string | null, line: number, text: string): TestFinding {
  const wellFormed = text.toWellFormed();
  return {
    kind,
    test,
    line,
    text:
      wellFormed.length <= textCharactersMax
        ? wellFormed
        : `${wellFormed.slice(0, textCharactersMax - 1).replace(/[\uD800-\uDBFF]$/, "")}…`,
  };
}

/** Code that reads the running test's title or stores something under it. */
const readsTitles = new RegExp(
  [
    "snapshot|approv|cassette|vcr|regression|golden|screenshot|betamax",
    "currentTest|getState|titlePath|fullTitle|fullName|methodName|PYTEST_CURRENT_TEST|load_tests|co_name|nodeid|_pyfuncitem|__name__",
    String.raw`\b(?:test|task|t|ctx|context|this|info|testInfo|item|definition)\s*(?:\(\s*\))?\s*\.\s*(?:title|name)\b`,
    String.raw`request\s*\.\s*(?:node|function)|\.\s*id\s*\(|\binfo\s*\(\s*\)|str\(self\)|\binspect\b|__all__|\bglobals\b|\bgetattr\b`,
    // A destructured parameter: `({ task: { name } }) =>`.
    String.raw`\{\s*(?:task|name|title)\b[^\n]*=>`,
  ].join("|"),
  "iu",
);
/** A custom test function, which can do anything with a title. */
const ownTests =
  /\b(?:function|const|let|var)\s+(?:it|test|specify)\b|\bimport\b[^;'"]*\b(?:it|test|specify)\b[^;'"]*from\s*["']\.|\b(?:it|test|specify)\b[^;\n=]*=\s*require\(\s*["']\./u;
/** Tags by which tests are chosen, and what separates the parts of a result's name. */
const tagged = /[@#[\]]| > /u;
/** The most pairs to compare in full; further tests count as new and removed. */
const comparedMax = 200;

/** Each renamed test with its new version. `isKept`: the new version has all checks of the old one. */
function renamedTests(
  { before, after }: { before: TestFile; after: TestFile },
  { removed, added }: { removed: readonly TestCase[]; added: readonly TestCase[] },
  isKept: (old: TestCase, young: TestCase) => boolean,
): Map<TestCase, TestCase> {
  const found = new Map<TestCase, TestCase>();
  const areOpen = [before.text, after.text].some((text) => readsTitles.test(text) || ownTests.test(text));
  if (removed.length === 0 || added.length === 0 || areOpen) return found;
  let compared = 0;
  const free = new Set(added.filter(({ title }) => isOnlyTitle(title, after.text, before.text)));
  for (const old of removed) {
    if (!isOnlyTitle(old.title, before.text, after.text)) continue;
    const fitting = [...free].filter(({ title }) => title !== null && title.group === old.title?.group);
    const isComparable = compared + fitting.length <= comparedMax;
    const equal = fitting.find(({ whole }) => whole === old.whole);
    if (equal === undefined && isComparable) compared += fitting.length;
    const young = equal ?? (isComparable ? fitting.find((one) => isKept(old, one)) : undefined);
    if (young === undefined) continue;
    free.delete(young);
    found.set(old, young);
  }
  return found;
}

/** Whether a title occurs once in its version of the file, as a whole string or name, and not in the other version. */
function isOnlyTitle(title: TestTitle | null, own: string, other: string): boolean {
  return (
    title !== null &&
    title.text !== "" &&
    !tagged.test(title.text) &&
    timesIn(title, own) === 1 &&
    timesIn(title, other) === 0
  );
}

function timesIn({ text: title, isName }: TestTitle, text: string): number {
  let count = 0;
  for (let at = text.indexOf(title); at !== -1; at = text.indexOf(title, at + title.length)) {
    const around = [text[at - 1] ?? "", text[at + title.length] ?? ""];
    if (isName ? !around.some((one) => /\w/u.test(one)) : around.every((one) => /["'`]/u.test(one))) count += 1;
  }
  return count;
}
