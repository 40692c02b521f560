/** Finds the statements that a new version of a Go test adds, if they leave the old ones alone. */

import type { GrowthForm } from "../shared/growth.ts";
import { childOf, fieldOf, nodesIn, partsIn, partsOf, textOf, textsOf } from "../tree/print-syntax.ts";
import type { SyntaxNode } from "../tree/syntax-node.ts";
import { goChangesOthers, goDefined, goDefinitionsIn, goSpecs, goUsedIn, predeclared } from "./go-syntax.ts";
import {
  advances,
  assignsLoopVariables,
  hasActingFunction,
  hasEffect,
  takesAddress,
  targetsOf,
} from "./growth-form.ts";

import { calledIn, callsHelper, expectedPanic, isClaimStatement, isGivenTest, isRun } from "./test-claims.ts";

interface Test {
  /** The test's function. */
  readonly node: SyntaxNode;
  readonly form: GrowthForm;
}
interface NewTest extends Test {
  /** Functions that the old version gives the test to, as in `encodes(t, x, want)`: another call of one is another check. */
  readonly helpers: ReadonlySet<string>;
}

/**
 * True for code that runs concurrently with the test or recovers from its panics; only a deferred function itself can recover, not a function that it calls.
 * `sharesVariables`: the node is in a loop whose variables parallel subtests share, as they did before Go 1.22.
 */
function runsConcurrentlyOrRecovers(node: SyntaxNode, sharesVariables = false): boolean {
  const callee = fieldOf(childOf(node, "call_expression"), "function");
  if (node.name === "go_statement") return true;
  if (node.name === "defer_statement" && callee?.name !== "func_literal" && !cleansUp(callee)) return true;
  if (node.name === "identifier" && textOf(node) === "recover") return true;
  if (node.name === "field_identifier" && sharesVariables && textOf(node) === "Parallel") return true;
  const shares = sharesVariables || (node.name === "for_statement" && !copiesVariables(node));
  return node.children.some((child) => runsConcurrentlyOrRecovers(child, shares));
}

/** Whether the loop copies its variables: `for _, x := range y { x := x; … }`. */
function copiesVariables(loop: SyntaxNode): boolean {
  const clause = childOf(loop, "range_clause");
  const copied = partsOf(fieldOf(loop, "body")).map((statement) => textOf(statement).replaceAll(/\s/gu, ""));
  const names = clause === undefined ? [""] : goDefined(clause).map(textOf);
  return names.every((name) => name === "_" || copied.includes(`${name}:=${name}`));
}

const cleansUp = (callee: SyntaxNode | undefined) =>
  callee !== undefined && /^(?:[\w.]+\.(?:Close|Unlock|RUnlock|Stop)|cancel|os\.Remove(?:All)?)$/u.test(textOf(callee));

interface Extra {
  /** Statements after all old ones. */
  readonly atEnd: ReadonlySet<SyntaxNode>;
  /** Statements at any place: subtests, types, values under new names, and calls that must panic. */
  readonly anywhere: ReadonlySet<SyntaxNode>;
}

/** Null if the new version may do more than add such statements. */
export function extraStatements(old: Test, given: Test): Extra | null {
  const { node } = given;
  const young = { ...given, helpers: helpersOf(old) };
  if (runsConcurrentlyOrRecovers(node)) return null;
  const [statements, olds] = [statementsOf(young), statementsOf(old)];
  const known = new Set(olds.map((statement) => subtestName(statement)));
  const subtests = statements.filter((statement) => {
    const name = subtestName(statement);
    return !known.has(name) && isSubtest(statement, { ...young, helpers: new Set() });
  });
  const called = new Set(calleesIn(old.node).map(textOf));
  const both = { old, young, called, own: functionsIn(old) };
  const anywhere = new Set([
    ...subtests,
    ...newTypes(old, young),
    ...newValues(statements, both),
    ...newPanics(statements, both),
  ]);
  const extra = statements.filter((statement) => !anywhere.has(statement)).slice(olds.length);
  if (extra.length > 0 && leavesReaders(node)) return null;
  const all = partsOf(fieldOf(node, "body"));
  const namesBefore = (statement: SyntaxNode) => definedIn(all.slice(0, all.indexOf(statement)));
  // A loop at the end may use up its values, since no statement needs them afterwards.
  const isExtra = (statement: SyntaxNode) =>
    statement.name === "for_statement"
      ? isOwnLoop(statement, young, null)
      : isLocal(statement, young, namesBefore(statement));
  return extra.every(isExtra) ? { atEnd: new Set(extra), anywhere } : null;
}

/** Types declared in the test whose names the old version does not mention: whole declarations, or single specs. */
function newTypes(old: Test, { node }: Test): SyntaxNode[] {
  const known = textsOf(old.node, anyName);
  const isNew = (spec: SyntaxNode) => {
    const name = textOf(fieldOf(spec, "name") ?? spec);
    return !known.has(name) && !predeclared.has(name);
  };
  const declarations = partsOf(fieldOf(node, "body")).filter(({ name }) => name === "type_declaration");
  return declarations.flatMap((declaration) => {
    const specs = goSpecs(declaration);
    return specs.every(isNew) ? [declaration] : specs.filter(isNew);
  });
}

/** The grammar's nodes for names of variables, functions, packages and types. */
const anyName = /^(?:(?:package|type)_)?identifier$/u;

interface Both {
  readonly old: Test;
  readonly young: NewTest;
  /** The callees of the old version, as written. */
  readonly called: ReadonlySet<string>;
  /** Names of functions that the old version defines inside itself. */
  readonly own: ReadonlySet<string>;
}

/** Definitions of new names whose values are made without changing anything, as far as names tell, and without a way to end the test. */
function newValues(statements: readonly SyntaxNode[], both: Both): SyntaxNode[] {
  const { old, young } = both;

  const known = textsOf(old.node, anyName);
  const called = new Set(calleesIn(young.node).map(textOf));
  const isNew = (name: string) => name === "_" || !(known.has(name) || predeclared.has(name) || called.has(name));
  return statements.filter((statement) => {
    const defined = [...definedIn([statement])];
    return (
      isDefinition(statement) &&
      defined.some((name) => name !== "_") &&
      defined.every(isNew) &&
      !hasActingFunction(statement) &&
      isPure(statement, both)
    );
  });
}

/** Claims that a call which the old version makes too must panic. */
function newPanics(statements: readonly SyntaxNode[], both: Both): SyntaxNode[] {
  return statements.filter((statement) => {
    const given = isClaimStatement(statement) ? expectedPanic(statement) : null;
    return given?.every((one) => !hasEffect(one) && isPure(one, both, given[0])) ?? false;
  });
}

/** Whether code calls only the old version's callees and functions that merely compute, and uses none of `own`. `tester`: the argument that may be `t`. */
function isPure(node: SyntaxNode, { called, own }: Both, tester?: SyntaxNode): boolean {
  const isKnown = (callee: SyntaxNode) => {
    const text = textOf(callee);
    return called.has(text) || computing.test(text);
  };
  return (
    calleesIn(node).every(isKnown) &&
    !goUsedIn(node).some((name) => own.has(textOf(name))) &&
    !goChangesOthers(node) &&
    !mayReachOutside(node) &&
    !advances(node) &&
    (node === tester || !isGivenTest(node))
  );
}

const computing =
  /^(?:len|cap|min|max|string|bool|byte|rune|u?int(?:8|16|32|64)?|float(?:32|64)|errors\.New|fmt\.(?:Sprint\w*|Errorf)|strconv\.\w+|strings\.[A-Z]\w*|math\.\w+|time\.(?:Date|Duration|Unix|UTC)|reflect\.(?:TypeOf|ValueOf)|big\.New\w+)$/u;

/** The callees of all calls in a node. */
const calleesIn = (node: SyntaxNode): SyntaxNode[] => [
  ...partsIn(node, "function"),
  ...node.children.flatMap(calleesIn),
];

function functionsIn({ node }: Test): Set<string> {
  const names = new Set<string>();
  for (const one of nodesIn(node)) {
    if (/^(?:short_var_declaration|var_spec|assignment_statement)$/u.test(one.name) && one.children.some(isFunction))
      for (const name of textsOf(one, /^identifier$/u)) names.add(name);
  }
  return names;
}
const isFunction = ({ name }: SyntaxNode) => name === "func_literal";

/** The helper that a statement calls with the test; null for any other statement. */
function helperName(statement: SyntaxNode): string | null {
  const call = calledIn(statement);
  const callee = fieldOf(call, "function");
  return call !== undefined && callee !== undefined && callsHelper(call) ? textOf(callee) : null;
}

function helpersOf({ node }: Test): Set<string> {
  return new Set(partsOf(fieldOf(node, "body")).flatMap((statement) => helperName(statement) ?? []));
}

/** Whether deferred code or a parallel subtest runs after the last statement and may see its effects. */
function leavesReaders(node: SyntaxNode, isInside = false): boolean {
  const name = node.name === "field_identifier" ? textOf(node) : "";
  if (node.name === "defer_statement" || name === "Cleanup" || (name === "Parallel" && isInside)) return true;
  return node.children.some((child) => leavesReaders(child, isInside || isFunction(node)));
}

/** The test's statements except plain checks, which are rows. */
function statementsOf({ node, form }: Test): SyntaxNode[] {
  return partsOf(fieldOf(node, "body")).filter((statement) => !form.isCheck(statement));
}

/** Whether a statement only defines or sets the test's own variables, or checks values in a loop or subtest. */
function isLocal(node: SyntaxNode, test: NewTest, names: ReadonlySet<string>): boolean {
  if (goChangesOthers(node) || mayReachOutside(node)) return false;
  switch (node.name) {
    case "var_declaration":
    case "short_var_declaration":
      return !hasActingFunction(node);
    case "assignment_statement":
      return !hasActingFunction(node) && targetsOf(node).every((target) => isOwnName(target, names));
    case "for_statement":
      return isOwnLoop(node, test, names);
    case "expression_statement":
      return (!hasFunction(node) && test.helpers.has(helperName(node) ?? "")) || isSubtest(node, test);
    default:
      return false;
  }
}

/** Whether a node may change something shared through an address, or takes a value from a channel, which gives each only once. */
function mayReachOutside(node: SyntaxNode): boolean {
  return takesAddress(node) || textOf(node).includes("<-");
}

const hasFunction = (node: SyntaxNode): boolean => isFunction(node) || node.children.some(hasFunction);

function isOwnName(target: SyntaxNode, names: ReadonlySet<string>): boolean {
  const name = textOf(target);
  return name === "_" || names.has(name);
}

/** Whether a loop only checks, and its value is a literal or one of `names`, since iterating may use up another value; null allows any value. */
function isOwnLoop(node: SyntaxNode, test: NewTest, names: ReadonlySet<string> | null): boolean {
  if (goChangesOthers(node) || mayReachOutside(node)) return false;
  const clause = childOf(node, "range_clause");
  if (clause === undefined || assignsLoopVariables(clause) || hasFunction(clause)) return false;
  const looped = fieldOf(clause, "right");
  const isOwn = looped !== undefined && (names === null || looped.name !== "identifier" || names.has(textOf(looped)));
  return isOwn && isOwnBlock(fieldOf(node, "body"), test);
}

/** Whether a block only has definitions of its own and checks. */
function isOwnBlock(block: SyntaxNode | undefined, test: NewTest): boolean {
  if (block === undefined) return false;
  const statements = partsOf(block);
  return statements.every((statement, index) => {
    const names = definedIn(statements.slice(0, index));
    return test.form.isCheck(statement) || isLocal(statement, test, names);
  });
}

/** Names that statements define for the statements after them. */
function definedIn(statements: readonly SyntaxNode[]): ReadonlySet<string> {
  const defined = statements.filter(isDefinition).flatMap((statement) => goDefinitionsIn(statement, { isOuter: true }));
  return new Set(defined.map(textOf));
}

const isDefinition = ({ name }: SyntaxNode) => /^(?:short_)?var_declaration$/u.test(name);

/** Whether a statement is `t.Run("…", func(t *testing.T) { … })` and sets nothing outside the subtest. */
function isSubtest(statement: SyntaxNode, test: NewTest): boolean {
  if (subtestName(statement) === null) return false;
  const run = partsOf(fieldOf(calledIn(statement), "arguments"))[1];
  return isOwnBlock(fieldOf(run, "body"), test);
}

/** The name that Go reports for a subtest; null unless the statement is a subtest with a plain name. */
function subtestName(statement: SyntaxNode): string | null {
  const call = calledIn(statement);
  const callee = fieldOf(call, "function");
  const [name] = partsOf(fieldOf(call, "arguments"));
  if (!isRun(callee) || name === undefined) return null;
  const text = textOf(name);
  // An escape sequence could spell any name.
  return /^"[^"\\]*"$|^`[^`]*`$/u.test(text) ? text.slice(1, -1).replaceAll(/\s/gu, "_") : null;
}
