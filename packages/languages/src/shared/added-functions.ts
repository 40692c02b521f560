/**
 * Tells whether a change to a file of JavaScript, TypeScript or Python only adds functions and methods: every statement of the base is still there in its
 * order and neither names nor runs the new ones, so that existing tests see the same file as before. Imports may take more names, except in TypeScript. Pure.
 */

import { childOf, fieldOf, isComment, partsOf, printSyntax, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";
import { readSyntax } from "../tree/syntax-tree.ts";
import { namesMentioned } from "./mentioned-names.ts";
import { hasMeaning, hasMeaningAsMember, testCaseNames } from "./reserved-names.ts";

export interface AddedFunctions {
  /**
   * New functions and methods. Existing tests of other files must not mention them: `import *` and `export *` share every name of a file, and runners look for
   * some names. Empty for Go, whose compiler refuses a second declaration.
   */
  readonly names: string[];
  /** New imports: names in Python, and modules of the standard library. A file with one of these names in the change would be loaded instead. */
  readonly imported: string[];
}

/** Null if the change does more than add functions. */
export function addedFunctions(form: AdditionForm, path: string, before: string, after: string): AddedFunctions | null {
  if (before === "" || path.includes("__mocks__/") || toolComments(before) !== toolComments(after)) return null;
  const [old, young] = [readSyntax(before, path), readSyntax(after, path)];
  if (old.errors.length + young.errors.length > 0) return null;
  const known = new Set(namesMentioned(old));
  const [added, members, imported, loaded]: [string[], string[], string[], string[]] = [[], [], [], []];
  const lists: { from: readonly string[]; to: readonly string[] }[] = [];
  const kept = statementsOf(old);
  let at = 0;
  for (const statement of statementsOf(young)) {
    const expected = kept[at];
    if (expected !== undefined && printSyntax(expected) === printSyntax(statement)) {
      at += 1;
      continue;
    }
    const methods = expected === undefined ? null : addedMethods(form, expected, statement);
    if (methods !== null) {
      members.push(...methods);
      at += 1;
      continue;
    }
    const name = form.functionIn(statement);
    const list = expected === undefined ? null : form.listIn(expected, path);
    const longer = form.listIn(statement, path);
    const library = form.libraryIn(statement);
    if (name !== null) added.push(name);
    else if (list === null || longer === null || list.kind !== longer.kind) {
      if (library === null) return null;
      loaded.push(library.module);
      imported.push(...library.names);
    } else {
      lists.push({ from: list.names, to: longer.names });
      if (longer.isImport) imported.push(...longer.names.filter((one) => !list.names.includes(one)));
      at += 1;
    }
  }
  const locals = imported.map((one) => one.split(" ").at(-1) ?? "");
  const isNew = (name: string) => added.includes(name) || imported.includes(name);
  const isAll =
    at === kept.length &&
    added.length + members.length > 0 &&
    keepsDirective(old, young) &&
    [...added, ...locals].every((name) => /^[A-Za-z_$][\w$]*$/u.test(name) && !known.has(name) && !hasMeaning(name)) &&
    members.every((name) => !known.has(name)) &&
    !(members.length > 0 && [...known].some((name) => findsMembers.has(name))) &&
    lists.every(({ from, to }) => to.filter((name) => !isNew(name)).join() === from.join());
  const fromModules = form.loadsByName ? imported.map((one) => one.split(" ")[0] ?? "") : [];
  return isAll ? { names: [...added, ...members], imported: [...fromModules, ...loaded] } : null;
}

/** Names of functions and hooks that find members without mentioning their names in code. */
const findsMembers: ReadonlySet<string> = new Set(
  "getattr hasattr __getattr__ __getattribute__ __dir__ dir vars inspect Reflect Proxy getOwnPropertyNames getOwnPropertyDescriptors".split(
    " ",
  ),
);

/** Comments that tools read. */
const toolComments = (text: string) =>
  text.match(/@(?:ts|jest|vitest)-[\w-]+.*|@jsx\w*.*|coding[:=].*/gu)?.join("\n") ?? "";

/** Whether directives such as `'use strict'` still stand first, where alone they count. */
function keepsDirective(old: SyntaxTree, young: SyntaxTree): boolean {
  const isDirective = (statement: SyntaxNode) =>
    statement.name === "expression_statement" && /^string$/u.test(statement.children[0]?.name ?? "");
  const directivesOf = (tree: SyntaxTree) => {
    const statements = statementsOf(tree);
    const others = statements.findIndex((statement) => !isDirective(statement));
    return statements.slice(0, others < 0 ? statements.length : others).map(textOf);
  };
  const kept = new Set(directivesOf(young));
  return directivesOf(old).every((directive) => kept.has(directive));
}

function statementsOf(tree: SyntaxTree): SyntaxNode[] {
  return tree.root.children.filter((node) => !isComment(node));
}

/**
 * The names of the new methods in two versions of a class; null unless both have the same head and the new one keeps all members in their order. Null also for
 * a class with an unknown parent, where any name could override something.
 */
function addedMethods(form: AdditionForm, old: SyntaxNode, young: SyntaxNode): string[] | null {
  const [before, after] = [classOf(old), classOf(young)];
  if (before === null || after === null || headOf(before) !== headOf(after)) return null;
  const isTestCase = inheritsTestCase(before);
  if (!isTestCase && inherits(before)) return null;
  const kept = partsOf(before.body);
  const names: (string | null)[] = [];
  let at = 0;
  for (const member of partsOf(after.body)) {
    const expected = kept[at];
    if (expected !== undefined && printSyntax(expected) === printSyntax(member)) at += 1;
    else names.push(form.methodIn(member));
  }
  const isFree = (name: string | null): name is string =>
    name !== null &&
    !hasMeaningAsMember(name) &&
    !form.isLookedFor(name) &&
    !(isTestCase && (name.startsWith("_") || testCaseNames.has(name)));
  return at === kept.length && names.length > 0 && names.every(isFree) ? names : null;
}

interface Class {
  readonly node: SyntaxNode;
  readonly body: SyntaxNode;
}

function classOf(node: SyntaxNode): Class | null {
  const inner = fieldOf(node, "declaration") ?? node;
  const body = /^class_(?:declaration|definition)$/u.test(inner.name) ? fieldOf(inner, "body") : undefined;
  return body === undefined ? null : { node, body };
}

const headOf = ({ node, body }: Class) => printSyntax(node, new Set([body]));

const headText = ({ node, body }: Class) =>
  node.tree.text
    .slice(node.from, (childOf(node, ":") ?? body).from)
    .replaceAll(/\s+/gu, " ")
    .trim();

const inheritsTestCase = (one: Class) =>
  /^class \w+ ?\( ?(?:unittest\.)?(?:TestCase|IsolatedAsyncioTestCase) ?\)$/u.test(headText(one));

const inherits = (one: Class) => !/^(?:export )?class \w+(?: ?\( ?(?:object)? ?\))?$/u.test(headText(one));

export interface AdditionForm {
  /** The name of the function that a statement only declares or exports under its own name; null for any other statement. */
  readonly functionIn: (statement: SyntaxNode) => string | null;
  /** The name of the method that a class member declares; null for any other member. */
  readonly methodIn: (member: SyntaxNode) => string | null;
  /** The names that a statement only exports or imports, from a module that is already loaded; null for any other statement. */
  readonly listIn: (statement: SyntaxNode, path: string) => NameList | null;
  /** The module of the standard library that a statement only imports, and the names that it binds, each as `member local`. */
  readonly libraryIn: (statement: SyntaxNode) => { module: string; names: string[] } | null;
  /** Whether libraries or runners look for a method of this name. */
  readonly isLookedFor: (name: string) => boolean;
  /** Whether an imported name may be a module, which the import then loads. */
  readonly loadsByName: boolean;
}

export interface NameList {
  /** Two lists of the same kind are versions of one list. */
  readonly kind: string;
  readonly names: readonly string[];
  readonly isImport: boolean;
}

/** Splits a list of names, such as `a, b  as c`, into `a` and `b as c`. */
export const namesOfList = (text: string): string[] =>
  text
    .split(",")
    .map((name) => name.trim().replaceAll(/\s+/gu, " "))
    .filter(Boolean);

/** Splits a list of names, such as `a, b as c`, into `a` and `b c`. */
export const takenNames = (text: string): string[] => namesOfList(text).map((name) => name.replace(" as ", " "));
