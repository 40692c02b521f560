/**
 * Finds Go methods that decide how values of a type compare, except honest ones: an honest method compares all fields of both sides and nothing else, or
 * orders by one field after another. A dishonest one can make wrong values look equal to a test (SECURITY T26). Pure.
 */

import { definitionDigest, piecesOf, withoutSpaces } from "../shared/surroundings/comparing.ts";
import type { Use } from "../shared/surroundings/use.ts";
import { fieldOf, partsIn, partsOf, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";
import {
  type Compared,
  differing,
  directionOf,
  equalling,
  type GoSides,
  ordering,
  signing,
  size,
  whole,
} from "./compared-expressions.ts";
import { type GoComparison, type GoPackage, goPackageOf } from "./compared-package.ts";
import { goPackages } from "./go-syntax.ts";

/** `beside`: texts of the package's other files, in which a type may be declared. */
export function goComparisons(tree: SyntaxTree, beside: readonly string[]): Use[] {
  const files = goPackageOf(tree, beside);
  return files.comparisons
    .filter((one) => !isPlain(one, files, []))
    .map((one) => ({
      what: `${one.name} of ${one.owner ?? "a type"}`,
      at: one.method.from,
      digest: definitionDigest(one.method),
    }));
}

interface Place extends GoSides {
  readonly fields: ReadonlySet<string> | null;
  /** The variable that tells whether the other value has the type, as in `o, ok := other.(T)`; null if no check is needed. */
  readonly ok: string | null;
}

const outerMax = 2;

/** Whether a comparison is honest. `outer`: the comparisons that call this one; they bound the depth and prevent cycles. */
function isPlain(comparison: GoComparison, files: GoPackage, outer: readonly GoComparison[]): boolean {
  const { tree, method, name, owner, receiver, other, takes, kind } = comparison;
  const body = fieldOf(method, "body");
  const isNamed = receiver !== null && other !== null && receiver !== "_" && other !== "_";
  if (body === undefined || owner === null || !isNamed || tree.errors.length > 0 || files.hasOtherConstants)
    return false;
  const statements = partsOf(body);
  const asserted = takes === "any" ? assertedIn(statements[0], comparison) : null;
  const rest = asserted === null ? statements : statements.slice(1);
  const [b, ok] = asserted === null ? [other, null] : [asserted.value, asserted.ok];
  const names = [...goPackages(tree)].filter(
    ([name]) => /^\w+$/u.test(name) && ![receiver, other, b, ok].includes(name),
  );
  const place: Place = {
    fields: files.fieldsOf(owner),
    a: receiver,
    b,
    ok,
    packageOf: (path) => names.find(([, one]) => one === path)?.[0] ?? "(?!)",
    otherOf: (name) => {
      const one = files.comparisonOf(owner, name);
      const around = [...outer, comparison];
      if (one === null || around.length > outerMax || around.some((known) => known.name === one.name)) return null;
      return { kind: one.kind, isPlain: () => isPlain(one, files, around) };
    },
  };
  switch (kind) {
    case "equal":
      return (name === "Is" && isFieldAsTarget(statements, { ...place, b: other })) || isPlainEquality(rest, place);
    case "differs":
      return isPlainDifference(rest, place);
    case "order":
      return isPlainOrder(rest, place);
    case "sign":
      return isPlainSign(rest, place);
  }
}

/** The two names that `o, ok := other.(T)` defines. */
function assertedIn(
  statement: SyntaxNode | undefined,
  { owner, other }: GoComparison,
): { value: string; ok: string } | null {
  const text = statement?.name === "short_var_declaration" ? withoutSpaces(textOf(statement)) : "";
  const form = String.raw`^(\w+),(\w+):=${other}\.\(\*?${owner}(?:\[[\w,]+\])?\)$`;
  const [, value = "_", ok = "_"] = new RegExp(form, "u").exec(text) ?? [];
  return value === "_" || ok === "_" ? null : { value, ok };
}

/** An error's `Is` that compares the target with one of its fields: `return target == e.kind`. */
function isFieldAsTarget(statements: readonly SyntaxNode[], { fields, a, b, packageOf }: Place): boolean {
  const value = returnedIn(statements) ?? "";
  const field = String.raw`${a}\.(\w+)`;
  const forms = [`${b}==${field}`, `${field}==${b}`, String.raw`${packageOf("errors")}\.Is\(${field},${b}\)`];
  const found = forms.map((form) => new RegExp(`^${form}$`, "u").exec(value)?.[1]).find(Boolean);
  return found !== undefined && fields?.has(found) === true;
}

function isPlainEquality(statements: readonly SyntaxNode[], place: Place): boolean {
  const { ok } = place;
  const found: Compared[] = [];
  let isChecked = ok === null;
  for (const statement of statements.slice(0, -1)) {
    const guard = guardIn(statement);
    if (guard === null) return false;
    if (isNilGuard(guard, place)) continue;
    if (guard.value !== "false") return false;
    for (const piece of piecesOf(guard.condition, "||")) {
      if (piece === `!${ok}`) isChecked = true;
      else if (!isNil(piece, place)) found.push(differing(piece, place));
    }
  }
  const value = returnedIn(statements.slice(-1));
  if (value === null) return false;
  for (const piece of value === "true" ? [] : piecesOf(value, "&&")) {
    if (piece === ok) isChecked = true;
    else found.push(equalling(piece, place));
  }
  return isChecked && isAll(found, place);
}

function isPlainDifference(statements: readonly SyntaxNode[], place: Place): boolean {
  const value = place.ok === null ? returnedIn(statements) : null;
  const found = value === null ? [] : piecesOf(value, "||").map((piece) => differing(piece, place));
  return isAll(found, place);
}

/** Whether a branch only handles identical pointers or a nil pointer. */
function isNilGuard({ condition, value }: GoBranch, { a, b }: Place): boolean {
  const isOne = (text: string, ...known: string[]) => known.includes(text);
  const isSame = (text: string) => isOne(text, `${a}==${b}`, `${b}==${a}`);
  const areNil = (text: string, sign: string) => isOne(text, `${a}==nil${sign}${b}==nil`, `${b}==nil${sign}${a}==nil`);
  if (value === "true") return isSame(condition) || areNil(condition, "&&");
  if (areNil(condition, "||")) return isSame(value) || areNil(value, "&&");
  return isOne(`${condition} ${value}`, `${a}==nil ${b}==nil`, `${b}==nil ${a}==nil`);
}

const isNil = (piece: string, { a, b }: Place) => piece === `${a}==nil` || piece === `${b}==nil`;

/** Whether each piece compares something and together they compare all fields. */
function isAll(found: readonly Compared[], { fields }: Place): boolean {
  if (found.length === 0 || found.includes(null)) return false;
  const compared = new Set(found);
  if (compared.has(whole)) return true;
  compared.delete(size);
  if (fields === null || fields.size === 0) return false;
  return compared.size === fields.size && [...fields].every((field) => compared.has(field));
}

/** Whether fields decide the order in turn, as in `if a.x != b.x { return a.x < b.x }`, or another comparison of the type does. */
function isPlainOrder(statements: readonly SyntaxNode[], place: Place): boolean {
  const value = returnedIn(statements.slice(-1));
  if (place.ok !== null || value === null || ordering(value, place) === null) return false;
  return statements.slice(0, -1).every((statement) => {
    const guard = guardIn(statement);
    const compared = guard === null ? null : differing(guard.condition, place);
    return guard !== null && compared !== null && compared !== size && ordering(guard.value, place) === compared;
  });
}

/** Whether all fields decide the sign in turn: a caller that asks for 0 asks for equality, so none may be missing. */
function isPlainSign(statements: readonly SyntaxNode[], place: Place): boolean {
  const branches = branchesOf(statements);
  const last = branches?.at(-1);
  if (branches === null || last === undefined || place.ok !== null) return false;
  const found = last.value === "0" ? [] : signing(last.value, place);
  const open = new Map<string, string>();
  for (const { condition, value } of branches.slice(0, -1)) {
    const compared = differing(condition, place);
    const direction = compared === null ? directionOf(condition, place) : null;
    if (direction === null) {
      const [one, ...more] = signing(value, place);
      found.push(more.length === 0 && one === compared ? compared : null);
      continue;
    }
    if (!/^[-+]?1$/u.test(value)) return false;
    // `<` and `>` of the same field must give opposite results.
    const { sign, name } = direction;
    const [mine, opposite] = [`${sign} ${Number(value)}`, `${sign === "<" ? ">" : "<"} ${-Number(value)}`];
    if (open.get(name) === opposite && open.delete(name)) found.push(name);
    else if (open.has(name)) return false;
    else open.set(name, mine);
  }
  return open.size === 0 && isAll(found, place);
}

/** `if condition { return value }` */
interface GoBranch {
  /** Empty for the last `return`. */
  readonly condition: string;
  readonly value: string;
}

/** The value that the statements return; null if they do anything else. */
function returnedIn(statements: readonly SyntaxNode[]): string | null {
  const [only, ...more] = statements;
  if (only?.name !== "return_statement" || more.length > 0) return null;
  return withoutSpaces(textOf(only).slice("return".length));
}

/** Reads `if condition { return value }`; null for any other statement. */
function guardIn(statement: SyntaxNode): GoBranch | null {
  const condition = fieldOf(statement, "condition");
  const isMore = fieldOf(statement, "initializer") !== undefined || fieldOf(statement, "alternative") !== undefined;
  if (statement.name !== "if_statement" || condition === undefined || isMore) return null;
  const value = returnedIn(partsOf(fieldOf(statement, "consequence")));
  return value === null ? null : { condition: withoutSpaces(textOf(condition)), value };
}

/** The branches of `if`, `if c := …; c != 0 { return c }` and `switch`, then the last `return`; null if any statement does more than return. */
function branchesOf(statements: readonly SyntaxNode[]): GoBranch[] | null {
  const branches: GoBranch[] = [];
  for (const statement of statements) {
    const guard = guardIn(statement) ?? signGuardIn(statement);
    const value = returnedIn([statement]);
    const cases = casesIn(statement);
    if (guard !== null) branches.push(guard);
    else if (value !== null) branches.push({ condition: "", value });
    else if (cases !== null) branches.push(...cases);
    else return null;
  }
  return branches.findIndex(({ condition }) => condition === "") === branches.length - 1 ? branches : null;
}

/** Reads `if c := cmp.Compare(a.x, b.x); c != 0 { return c }` as a branch for fields that differ. */
function signGuardIn(statement: SyntaxNode): GoBranch | null {
  const [declared, condition] = [fieldOf(statement, "initializer"), fieldOf(statement, "condition")];
  if (statement.name !== "if_statement" || fieldOf(statement, "alternative") !== undefined) return null;
  if (declared?.name !== "short_var_declaration" || condition === undefined) return null;
  const [, name, value] = /^(\w+):=(.*)$/u.exec(withoutSpaces(textOf(declared))) ?? [];
  const asked = withoutSpaces(textOf(condition));
  const isReturned = asked === `${name}!=0` && returnedIn(partsOf(fieldOf(statement, "consequence"))) === name;
  return isReturned && value !== undefined ? { condition: `${value}!=0`, value } : null;
}

/** The cases of a `switch` without a value. */
function casesIn(statement: SyntaxNode): GoBranch[] | null {
  if (statement.name !== "expression_switch_statement") return null;
  const [, ...cases] = partsOf(statement);
  const branches = cases.map((one): GoBranch | null => {
    const [condition, ...others] = partsIn(one, "value");
    if (!/^(?:expression|default)_case$/u.test(one.name) || others.length > 0) return null;
    const value = returnedIn(partsOf(one).slice(condition === undefined ? 1 : 2));
    return value === null
      ? null
      : { condition: condition === undefined ? "" : withoutSpaces(textOf(condition)), value };
  });
  return branches.includes(null) ? null : branches.filter((branch) => branch !== null);
}
