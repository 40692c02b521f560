/** Recognizes how a Go test checks: library assertions, conditions that only report, and helper functions that take the test. */

import { childOf, fieldOf, partsOf, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";
import { goChangesOthers, goDefinitionsIn, goImports, goUsedIn } from "./go-syntax.ts";

/** Usual names of the test's parameter `t`, as part of a regular expression. */
const tester = "(?:t|tb|b|ct|st)";
const isTester = new RegExp(`^${tester}$`, "u");
/** A method of the test, such as `t.Log`. */
export const ofTester = new RegExp(String.raw`^${tester}\.\w+$`, "u");

/** Usual names for the value of `require.New(t)`, `assert.New(t)` and `qt.New(t)`. */
const asserter = "(?:r|req|a|is|c|q|must|should|want)";
const ofAsserter = new RegExp(String.raw`^(${asserter})\.`, "u");

const claim = new RegExp(
  [
    String.raw`^(?:assert|require|qt)\.[A-Z]\w*$`,
    String.raw`^${tester}\.(?:Error|Errorf|Fatal|Fatalf|Fail|FailNow)$`,
    String.raw`^${asserter}\.(?:Assert|(?:Not)?(?:Equal|EqualValues|Nil|Zero|Contains|Empty|Same|Regexp|Subset|ElementsMatch|Panics)|Exactly|IsType|EqualError|NoError|ErrorIs|ErrorContains|True|False|Len|JSONEq|InDelta|InEpsilon|(?:Greater|Less)(?:OrEqual)?|Positive|Negative|PanicsWith(?:Value|Error))$`,
  ].join("|"),
  "u",
);
const ownClaim = /^(?:assert|require|expect|check)\w*(?:\.[A-Z]\w*)?$/iu;
const note = new RegExp(String.raw`^${tester}\.Logf?$`, "u");

/** The arguments of `assert.Panics(t, func() { … })`, with the function replaced by its calls; null for any other statement or function. */
export function expectedPanic(statement: SyntaxNode): SyntaxNode[] | null {
  const call = calledIn(statement);
  const callee = fieldOf(call, "function");
  if (callee === undefined || !/\.(?:Not)?Panics(?:With\w+)?$/u.test(textOf(callee))) return null;
  const given = partsOf(fieldOf(call, "arguments"));
  const run = given.find(({ name }) => name === "func_literal");
  const calls = partsOf(fieldOf(run, "body"));
  if (run === undefined || calls.length === 0 || calls.some(({ name }) => name !== "expression_statement")) return null;
  return [...given.filter((one) => one !== run), ...calls];
}

/** The call that a statement consists of. */
export const calledIn = (statement: SyntaxNode): SyntaxNode | undefined =>
  statement.name === "expression_statement" ? childOf(statement, "call_expression") : undefined;

export function isClaimStatement(statement: SyntaxNode): boolean {
  const call = calledIn(statement);
  return call !== undefined && isClaim(call);
}

/** Whether a statement is `assert.Equal(…)`, `assertEqual(t, …)` or the like, or an `if` that only reports. */
export function isCheck(statement: SyntaxNode): boolean {
  if (statement.name === "expression_statement") return isClaimStatement(statement);
  if (statement.name !== "if_statement") return false;
  const other = fieldOf(statement, "alternative");
  if (other !== undefined && !isCheck(other)) return false;
  const inner = partsOf(fieldOf(statement, "consequence"));
  return inner.some((one) => isCheck(one)) && inner.every((one) => isCheck(one) || isNote(one));
}

function isNote(statement: SyntaxNode): boolean {
  const call = calledIn(statement);
  return call !== undefined && note.test(textOf(call.children[0] ?? call));
}

export function isClaim(call: SyntaxNode): boolean {
  const callee = fieldOf(call, "function");
  const name = textOf(callee ?? call);
  const given = partsOf(fieldOf(call, "arguments")).length;
  // An asserter's method without arguments claims nothing.
  const asserterName = ofAsserter.exec(name)?.[1];
  if (claim.test(name)) return asserterName === undefined || (given > 0 && assertersOf(call.tree).has(asserterName));
  return callsHelper(call) && ownClaim.test(name) && given > 1 && !goChangesOthers(callee ?? call);
}

const knownAsserters = new WeakMap<SyntaxTree, ReadonlySet<string>>();
/** The file's asserters: variables set by a `New…(t)` function, and parameters of an assertion library's type. */
function assertersOf(tree: SyntaxTree): ReadonlySet<string> {
  const made = String.raw`\b(\w+)\s*:?=\s*(?:\w+\.)?New\w*\(\s*${tester}\b`;
  const typed = String.raw`\b(\w+)\s+\*?(?:assert|require|qt|is)\.\w`;
  const found = [made, typed].flatMap((form) => [...tree.text.matchAll(new RegExp(form, "gu"))]);
  const names = knownAsserters.get(tree) ?? new Set(found.map(([, name = ""]) => name));
  knownAsserters.set(tree, names);
  return names;
}

/** Whether a node uses the test's `t`, with which it can skip or end the test. */
export const isGivenTest = (node: SyntaxNode): boolean => goUsedIn(node).some((name) => isTester.test(textOf(name)));

/** Whether a call gives the test to a function of the file or a package: `testSum(t, x)`, `check.Sum(t, x)`, but no method of a value. */
export function callsHelper(call: SyntaxNode): boolean {
  const callee = fieldOf(call, "function");
  const [first] = partsOf(fieldOf(call, "arguments"));
  if (callee === undefined || first === undefined || !isTester.test(textOf(first))) return false;
  if (callee.name === "identifier") return true;
  const owner = callee.name === "selector_expression" ? fieldOf(callee, "operand") : undefined;
  return owner?.name === "identifier" && packagesOf(call.tree).has(textOf(owner));
}

const knownPackages = new WeakMap<SyntaxTree, ReadonlySet<string>>();
/** Names of imported packages that the file does not redefine. */
function packagesOf(tree: SyntaxTree): ReadonlySet<string> {
  const known = knownPackages.get(tree);
  if (known !== undefined) return known;
  const bound = new Set(goDefinitionsIn(tree.root).map(textOf));
  // A name written in an import counts as a definition too.
  const free = goImports(tree).filter(({ written, name }) => written !== null || !bound.has(name));
  const packages = new Set(free.map(({ name }) => name));
  knownPackages.set(tree, packages);
  return packages;
}

/** Whether the callee is `t.Run`, under any of the names in `tester`. */
export function isRun(callee: SyntaxNode | undefined): boolean {
  return callee !== undefined && ofTester.test(textOf(callee)) && textOf(callee).endsWith(".Run");
}
