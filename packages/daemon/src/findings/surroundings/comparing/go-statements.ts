/** Reads statements of a Go function that only ask and return, from the syntax tree; expressions are text without spaces. Pure. */
import { partsOf, sourceText } from "@aedev/languages/tree/print-syntax";
import type { SyntaxNode, SyntaxTree } from "@aedev/languages/tree/syntax-node";
import { withoutSpaces } from "./pieces.ts";

/** `if condition { return value }` */
export interface GoBranch {
  /** Empty for what is returned at the end. */
  readonly condition: string;
  readonly value: string;
}

/** What a list of statements returns, if it does nothing else. */
export function returnedIn(statements: readonly SyntaxNode[], tree: SyntaxTree): string | null {
  const [only, ...more] = statements;
  if (only?.name !== "ReturnStatement" || more.length > 0) return null;
  return withoutSpaces(sourceText(tree, only).slice("return".length));
}

/** `if condition { return value }` without anything else. */
export function guardIn(statement: SyntaxNode, tree: SyntaxTree): GoBranch | null {
  const [keyword, condition, body, ...more] = statement.children;
  if (statement.name !== "IfStatement" || keyword === undefined || condition === undefined) return null;
  if (body?.name !== "Block" || more.length > 0) return null;
  const value = returnedIn(partsOf(body), tree);
  return value === null ? null : { condition: withoutSpaces(tree.text.slice(keyword.to, body.from)), value };
}

/** Branches of `if`, of `if c := …; c != 0 { return c }` and of `switch`, each of which returns, and at the end what is returned otherwise. */
export function branchesOf(statements: readonly SyntaxNode[], tree: SyntaxTree): GoBranch[] | null {
  const branches: GoBranch[] = [];
  for (const statement of statements) {
    const guard = guardIn(statement, tree) ?? signGuardIn(statement, tree);
    const value = returnedIn([statement], tree);
    const cases = casesIn(statement, tree);
    if (guard !== null) branches.push(guard);
    else if (value !== null) branches.push({ condition: "", value });
    else if (cases !== null) branches.push(...cases);
    else return null;
  }
  return branches.findIndex(({ condition }) => condition === "") === branches.length - 1 ? branches : null;
}

/** `if c := cmp.Compare(a.x, b.x); c != 0 { return c }`, as if it asked whether the fields differ. */
function signGuardIn(statement: SyntaxNode, tree: SyntaxTree): GoBranch | null {
  const [, declared, , condition, body, ...more] = statement.children;
  if (statement.name !== "IfStatement" || body?.name !== "Block" || more.length > 0) return null;
  if (declared?.name !== "VarDecl" || condition === undefined) return null;
  const [, name, value] = /^(\w+):=(.*)$/u.exec(withoutSpaces(sourceText(tree, declared))) ?? [];
  const asked = withoutSpaces(sourceText(tree, condition));
  const isReturned = asked === `${name}!=0` && returnedIn(partsOf(body), tree) === name;
  return isReturned && value !== undefined ? { condition: `${value}!=0`, value } : null;
}

/** The cases of a `switch` without a value. */
function casesIn(statement: SyntaxNode, tree: SyntaxTree): GoBranch[] | null {
  const [, block, ...more] = statement.children;
  if (statement.name !== "SwitchStatement" || block?.name !== "SwitchBlock" || more.length > 0) return null;
  const parts = partsOf(block);
  const branches = parts.flatMap((part, at): (GoBranch | null)[] => {
    if (at % 2 === 1) return [];
    const value = returnedIn(parts.slice(at + 1, at + 2), tree);
    const label = withoutSpaces(sourceText(tree, part));
    const condition = label === "default:" ? "" : /^case(.+):$/u.exec(label)?.[1];
    return [part.name !== "Case" || value === null || condition === undefined ? null : { condition, value }];
  });
  return branches.includes(null) ? null : branches.filter((branch) => branch !== null);
}
