/**
 * Tells whether a change to a JavaScript, TypeScript, Python or Go file only adds functions: every statement of the base is still there in its
 * order, and nothing of the base names the new ones or runs them. Imports of JavaScript and Python, not TypeScript, may take more names of a module. Of Go, as only-adds.ts says: it may add types and values
 * too. Such a file does for existing tests what it did before. Pure.
 */
import { childOf, printSyntax, sourceText } from "@aedev/host/syntax/print-syntax";
import { parsedLanguageOf, readSyntax, type SyntaxNode, type SyntaxTree } from "@aedev/host/syntax/syntax-tree";
import { changesExistingGo } from "./go/only-adds.ts";
import { mentionedNames } from "./syntax/mentioned-names.ts";

export interface AddedFunctions {
  /**
   * New functions, which existing tests of other files must not mention: `import *` and `export *` may give them everything of a file, and runners look for some names. Empty for Go, whose
   * compiler refuses a second declaration.
   */
  readonly names: string[];
  /** Names that Python newly takes of a module; one that is a module of the change would be loaded. */
  readonly imported: string[];
}

/** Null if it does more. */
export function addedFunctions(path: string, before: string, after: string): AddedFunctions | null {
  if (path.endsWith(".go")) return changesExistingGo(before, after) ? null : { names: [], imported: [] };
  const language = parsedLanguageOf(path);
  if (language === null || before === "" || path.includes("__mocks__/") || toolComments(before) !== toolComments(after))
    return null;
  const [old, young] = [readSyntax(before, path), readSyntax(after, path)];
  if (old.errors.length + young.errors.length > 0) return null;
  const known = new Set(mentionedNames(before, path));
  const [added, imported]: [string[], string[]] = [[], []];
  const lists: { from: readonly string[]; to: readonly string[] }[] = [];
  const kept = statementsOf(old);
  let at = 0;
  for (const statement of statementsOf(young)) {
    const expected = kept[at];
    if (expected !== undefined && printSyntax(old, expected) === printSyntax(young, statement)) {
      at += 1;
      continue;
    }
    const name = addedFunction(young, statement);
    const list = expected === undefined ? null : listIn(old, expected, path);
    const longer = listIn(young, statement, path);
    if (name !== null) added.push(name);
    else if (list === null || longer === null || list.kind !== longer.kind) return null;
    else {
      lists.push({ from: list.names, to: longer.names });
      if (longer.isImport) imported.push(...longer.names.filter((one) => !list.names.includes(one)));
      at += 1;
    }
  }
  const locals = imported.map((one) => one.split(" ").at(-1) ?? "");
  const isNew = (name: string) => added.includes(name) || imported.includes(name);
  const isAll =
    at === kept.length &&
    added.length > 0 &&
    keepsDirective(old, young) &&
    [...added, ...locals].every((name) => /^[A-Za-z_$][\w$]*$/u.test(name) && !known.has(name) && !hasMeaning(name)) &&
    lists.every(({ from, to }) => to.filter((name) => !isNew(name)).join() === from.join());
  const fromModules = language === "python" ? imported.map((one) => one.split(" ")[0] ?? "") : [];
  return isAll ? { names: added, imported: fromModules } : null;
}

/** Comments that tools read. */
const toolComments = (text: string) =>
  text.match(/@(?:ts|jest|vitest)-[\w-]+.*|@jsx\w*.*|coding[:=].*/gu)?.join("\n") ?? "";

/** `'use strict'` counts only where it stands first. */
function keepsDirective(old: SyntaxTree, young: SyntaxTree): boolean {
  const isDirective = (statement: SyntaxNode | undefined) =>
    statement?.name === "ExpressionStatement" && /String$/u.test(statement.children[0]?.name ?? "");
  const [first, now] = [statementsOf(old)[0], statementsOf(young)[0]];
  return !isDirective(first) || isDirective(now);
}

const comments: ReadonlySet<string> = new Set(["LineComment", "BlockComment", "Comment", "Hashbang"]);

function statementsOf(tree: SyntaxTree): SyntaxNode[] {
  return tree.root.children.filter(({ name }) => !comments.has(name));
}

const functionKinds: ReadonlySet<string> = new Set(["ArrowFunction", "FunctionExpression"]);

/** The name of the function that the statement only declares, or exports under a name of its own; null for any other statement. */
function addedFunction(tree: SyntaxTree, statement: SyntaxNode): string | null {
  switch (statement.name) {
    case "ExportDeclaration": {
      const inner = childOf(statement, "FunctionDeclaration", "VariableDeclaration");
      return inner === undefined || childOf(statement, "default") !== undefined ? null : addedFunction(tree, inner);
    }
    case "FunctionDeclaration":
      return textOf(tree, childOf(statement, "VariableDefinition"));
    case "VariableDeclaration": {
      const [keyword, definition, ...rest] = statement.children;
      const value = rest.findLast(({ name }) => name !== ";");
      const isConstant = keyword?.name === "const" && definition?.name === "VariableDefinition";
      const isOne = rest.every(({ name }) => name !== ",");
      return isConstant && isOne && functionKinds.has(value?.name ?? "") ? textOf(tree, definition) : null;
    }
    case "ExpressionStatement": {
      const [target, , value] = childOf(statement, "AssignmentExpression")?.children ?? [];
      if (target === undefined || !functionKinds.has(value?.name ?? "")) return null;
      return /^(?:module\.)?exports\.([\w$]+)$/u.exec(sourceText(tree, target))?.[1] ?? null;
    }
    // Defaults and annotations run when the file is loaded.
    case "FunctionDefinition": {
      const [name, parameters, type] = ["VariableName", "ParamList", "TypeDef"].map((kind) =>
        textOf(tree, childOf(statement, kind)),
      );
      return /^\([^()[\]{}@]*\)$/u.test(parameters ?? "") && !/[([{@]/u.test(type ?? "") ? (name ?? null) : null;
    }
    default:
      return null;
  }
}

interface NameList {
  readonly kind: string;
  readonly names: readonly string[];
  readonly isImport: boolean;
}

/**
 * `module.exports = { a, b };`, `export { a, b };`, `import { a, b as c } from "d";` or `from d import a, b as c`: the module is loaded already. TypeScript leaves
 * out an import of types, so there a further name may load it.
 */
function listIn(tree: SyntaxTree, statement: SyntaxNode, path: string): NameList | null {
  const namesIn = (text: string) =>
    text
      .split(",")
      .map((name) => name.trim().replaceAll(/\s+/gu, " "))
      .filter(Boolean);
  const [, what, own] =
    /^(module\.exports\s*=|export)\s*\{([\w$\s,]*)\}\s*;?$/u.exec(sourceText(tree, statement)) ?? [];
  if (what !== undefined && own !== undefined)
    return { kind: what === "export" ? "export" : "object", names: namesIn(own), isImport: false };
  if (statement.name === "ImportStatement") {
    const [, from, taken] = /^from\s+([\w.]+)\s+import\s*\(?([\w\s,]+)\)?$/u.exec(sourceText(tree, statement)) ?? [];
    return taken === undefined ? null : { kind: `from ${from}`, names: namesIn(taken), isImport: true };
  }
  if (statement.name !== "ImportDeclaration" || /\.[cm]?tsx?$/u.test(path)) return null;
  const text = sourceText(tree, statement);
  const [, before, list, after] =
    /^(import\s+(?:[\w$]+\s*,\s*)?)\{([\w$\s,]*)\}(\s*from\s*(?:'[^']*'|"[^"]*"))\s*;?$/u.exec(text) ?? [];
  return list === undefined ? null : { kind: `${before}${after}`, names: namesIn(list), isImport: true };
}

/** Names that a language, Node, a test runner or any other object looks for, and those that hide a function of Python's own where everything is imported. */
function hasMeaning(name: string): boolean {
  return (
    name in {} ||
    /^(?:__|pytest_|mocha|set_?up|tear_?down|load_tests$|then$|default$)/iu.test(name) ||
    /^(?:to[A-Z]|(?:before|after)(?:Each|All|_\w+)?$|(?:render|decorators|loaders)$|set(?:Timeout|Interval)$)|(?:Error|Exception|Warning)$/u.test(
      name,
    ) ||
    hooks.has(name) ||
    pythonNames.has(name)
  );
}

/** What Node, jest or vitest look for in modules that they load, and globals of runners. */
const hooks: ReadonlySet<string> = new Set(
  (
    "initialize resolve load globalPreload process processAsync getCacheKey getCacheKeyAsync canInstrument createTransformer sync async test serialize print " +
    "describe it expect assert suite fetch"
  ).split(" "),
);

const pythonNames: ReadonlySet<string> = new Set(
  (
    "abs all any ascii bin bool breakpoint bytearray bytes callable chr classmethod compile complex delattr dict dir divmod enumerate eval exec filter float " +
    "format frozenset getattr globals hasattr hash hex id input int isinstance issubclass iter len list locals map max memoryview min next object oct " +
    "open ord pow print property range repr reversed round set setattr slice sorted staticmethod str sum super tuple type vars zip"
  ).split(" "),
);

function textOf(tree: SyntaxTree, node: SyntaxNode | undefined): string | null {
  return node === undefined ? null : sourceText(tree, node);
}
