/**
 * Tells whether a change to a file of JavaScript, TypeScript or Python only adds functions, and methods to its classes: every statement of the base is still there in its
 * order, and nothing of the base names the new ones or runs them. Imports of JavaScript and Python, not TypeScript, may take more names of a module. Such a file does for existing tests what it did before. Pure.
 *
 * Folder: whether a helper of tests only got additions.
 */
import { isComment, printSyntax, textOf } from "../../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../../tree/syntax-node.ts";
import { readSyntax } from "../../tree/syntax-tree.ts";
import { namesMentioned } from "../mentioned-names.ts";
import { addedMethods } from "./added-methods.ts";
import type { AdditionForm } from "./addition-form.ts";
import { hasMeaning } from "./reserved-names.ts";

export interface AddedFunctions {
  /**
   * New functions and methods, which existing tests of other files must not mention: `import *` and `export *` may give them everything of a file, and runners look for some names. Empty for Go, whose
   * compiler refuses a second declaration.
   */
  readonly names: string[];
  /** Names newly imported in Python, and newly imported modules of the standard library. If the change has a file of that name, that file would be loaded. */
  readonly imported: string[];
}

/** Null if it does more. */
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

/** What finds members by names that no code says. */
const findsMembers: ReadonlySet<string> = new Set(
  "getattr hasattr __getattr__ __getattribute__ __dir__ dir vars inspect Reflect Proxy getOwnPropertyNames getOwnPropertyDescriptors".split(
    " ",
  ),
);

/** Comments that tools read. */
const toolComments = (text: string) =>
  text.match(/@(?:ts|jest|vitest)-[\w-]+.*|@jsx\w*.*|coding[:=].*/gu)?.join("\n") ?? "";

/** `'use strict'` counts only where it stands first. */
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
