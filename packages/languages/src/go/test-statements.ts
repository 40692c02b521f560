/** The statements that a new version of a Go test has more than the old one, if they leave the others as they are. */

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
  /** Its function. */
  readonly node: SyntaxNode;
  readonly form: GrowthForm;
}
interface NewTest extends Test {
  /** What the old version gives the test to, such as `encodes(t, x, want)`: another such call is another check. */
  readonly helpers: ReadonlySet<string>;
}

/**
 * True for code that runs concurrently with the test or recovers from its panics; only the deferred function itself can recover, not a function it calls.
 * `sharesVariables`: the node is in a loop whose variables parallel subtests share. Before Go 1.22 all of them saw the last row.
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

/** `for _, x := range y { x := x; … }` */
function copiesVariables(loop: SyntaxNode): boolean {
  const clause = childOf(loop, "range_clause");
  const copied = partsOf(fieldOf(loop, "body")).map((statement) => textOf(statement).replaceAll(/\s/gu, ""));
  const names = clause === undefined ? [""] : goDefined(clause).map(textOf);
  return names.every((name) => name === "_" || copied.includes(`${name}:=${name}`));
}

const cleansUp = (callee: SyntaxNode | undefined) =>
  callee !== undefined && /^(?:[\w.]+\.(?:Close|Unlock|RUnlock|Stop)|cancel|os\.Remove(?:All)?)$/u.test(textOf(callee));

interface Extra {
  /** Behind all others. */
  readonly atEnd: ReadonlySet<SyntaxNode>;
  /** Wherever they stand: subtests, types, values under new names, and calls that must panic. */
  readonly anywhere: ReadonlySet<SyntaxNode>;
}

/** Null if something of the new version may change more than that. */
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
  // What a loop at the end takes from a value, nothing looks for afterwards.
  const isExtra = (statement: SyntaxNode) =>
    statement.name === "for_statement"
      ? isOwnLoop(statement, young, null)
      : isLocal(statement, young, namesBefore(statement));
  return extra.every(isExtra) ? { atEnd: new Set(extra), anywhere } : null;
}

/** Types of the test's own that nothing of the old version names: declarations, or single types of one. */
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

/** Of variables, functions, packages and types. */
const anyName = /^(?:(?:package|type)_)?identifier$/u;

interface Both {
  readonly old: Test;
  readonly young: NewTest;
  /** What the old version calls, as it is written. */
  readonly called: ReadonlySet<string>;
  /** Names that the old version has for functions of its own. */
  readonly own: ReadonlySet<string>;
}

/** Definitions of names that the old version does not have. What makes their values neither changes something, by its names, nor can end the test. */
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

/** Claims that what the old version calls must panic. */
function newPanics(statements: readonly SyntaxNode[], both: Both): SyntaxNode[] {
  return statements.filter((statement) => {
    const given = isClaimStatement(statement) ? expectedPanic(statement) : null;
    return given?.every((one) => !hasEffect(one) && isPure(one, both, given[0])) ?? false;
  });
}

/** Whether code only calls what the old version calls too, or what plainly computes, and names no function of the old version's own. `tester`: where the test may be given. */
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

/** What calls in a node call. */
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

/** The function that a statement gives the test to; null for any other statement. */
function helperName(statement: SyntaxNode): string | null {
  const call = calledIn(statement);
  const callee = fieldOf(call, "function");
  return call !== undefined && callee !== undefined && callsHelper(call) ? textOf(callee) : null;
}

function helpersOf({ node }: Test): Set<string> {
  return new Set(partsOf(fieldOf(node, "body")).flatMap((statement) => helperName(statement) ?? []));
}

/** Something is deferred, or a subtest runs in parallel, so that it may read what stands at the end. */
function leavesReaders(node: SyntaxNode, isInside = false): boolean {
  const name = node.name === "field_identifier" ? textOf(node) : "";
  if (node.name === "defer_statement" || name === "Cleanup" || (name === "Parallel" && isInside)) return true;
  return node.children.some((child) => leavesReaders(child, isInside || isFunction(node)));
}

/** Statements of a function that are no rows. */
function statementsOf({ node, form }: Test): SyntaxNode[] {
  return partsOf(fieldOf(node, "body")).filter((statement) => !form.isCheck(statement));
}

/** Defines or sets plain names of the test, or checks what it goes through; any other statement may reach more. */
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

/** Through the address of something that others have too it could be set, and a channel gives each value once. */
function mayReachOutside(node: SyntaxNode): boolean {
  return takesAddress(node) || textOf(node).includes("<-");
}

const hasFunction = (node: SyntaxNode): boolean => isFunction(node) || node.children.some(hasFunction);

function isOwnName(target: SyntaxNode, names: ReadonlySet<string>): boolean {
  const name = textOf(target);
  return name === "_" || names.has(name);
}

/** Goes through a value that is written there or has one of the names, since what another one gives may be gone then; null: any. */
function isOwnLoop(node: SyntaxNode, test: NewTest, names: ReadonlySet<string> | null): boolean {
  if (goChangesOthers(node) || mayReachOutside(node)) return false;
  const clause = childOf(node, "range_clause");
  if (clause === undefined || assignsLoopVariables(clause) || hasFunction(clause)) return false;
  const looped = fieldOf(clause, "right");
  const isOwn = looped !== undefined && (names === null || looped.name !== "identifier" || names.has(textOf(looped)));
  return isOwn && isOwnBlock(fieldOf(node, "body"), test);
}

/** Only definitions of its own and checks. */
function isOwnBlock(block: SyntaxNode | undefined, test: NewTest): boolean {
  if (block === undefined) return false;
  const statements = partsOf(block);
  return statements.every((statement, index) => {
    const names = definedIn(statements.slice(0, index));
    return test.form.isCheck(statement) || isLocal(statement, test, names);
  });
}

/** Names that statements define for those behind them. */
function definedIn(statements: readonly SyntaxNode[]): ReadonlySet<string> {
  const defined = statements.filter(isDefinition).flatMap((statement) => goDefinitionsIn(statement, { isOuter: true }));
  return new Set(defined.map(textOf));
}

const isDefinition = ({ name }: SyntaxNode) => /^(?:short_)?var_declaration$/u.test(name);

/** `t.Run("…", func(t *testing.T) { … })` that sets nothing outside of it. */
function isSubtest(statement: SyntaxNode, test: NewTest): boolean {
  if (subtestName(statement) === null) return false;
  const run = partsOf(fieldOf(calledIn(statement), "arguments"))[1];
  return isOwnBlock(fieldOf(run, "body"), test);
}

/** Its name as Go reports it; null for anything but a subtest with a plain name. */
function subtestName(statement: SyntaxNode): string | null {
  const call = calledIn(statement);
  const callee = fieldOf(call, "function");
  const [name] = partsOf(fieldOf(call, "arguments"));
  if (!isRun(callee) || name === undefined) return null;
  const text = textOf(name);
  // An escape can write any name.
  return /^"[^"\\]*"$|^`[^`]*`$/u.test(text) ? text.slice(1, -1).replaceAll(/\s/gu, "_") : null;
}
