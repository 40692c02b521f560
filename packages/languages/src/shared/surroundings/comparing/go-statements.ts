/** Reads statements of a Go function that only ask and return, from the syntax tree; expressions are text without spaces. Pure. */
import { fieldOf, partsIn, partsOf, textOf } from "../../../tree/print-syntax.ts";
import type { SyntaxNode } from "../../../tree/syntax-node.ts";
import { withoutSpaces } from "./pieces.ts";

/** `if condition { return value }` */
export interface GoBranch {
  /** Empty for what is returned at the end. */
  readonly condition: string;
  readonly value: string;
}

/** What a list of statements returns, if it does nothing else. */
export function returnedIn(statements: readonly SyntaxNode[]): string | null {
  const [only, ...more] = statements;
  if (only?.name !== "return_statement" || more.length > 0) return null;
  return withoutSpaces(textOf(only).slice("return".length));
}

/** `if condition { return value }` without anything else. */
export function guardIn(statement: SyntaxNode): GoBranch | null {
  const condition = fieldOf(statement, "condition");
  const isMore = fieldOf(statement, "initializer") !== undefined || fieldOf(statement, "alternative") !== undefined;
  if (statement.name !== "if_statement" || condition === undefined || isMore) return null;
  const value = returnedIn(partsOf(fieldOf(statement, "consequence")));
  return value === null ? null : { condition: withoutSpaces(textOf(condition)), value };
}

/** Branches of `if`, of `if c := …; c != 0 { return c }` and of `switch`, each of which returns, and at the end what is returned otherwise. */
export function branchesOf(statements: readonly SyntaxNode[]): GoBranch[] | null {
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

/** `if c := cmp.Compare(a.x, b.x); c != 0 { return c }`, as if it asked whether the fields differ. */
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
