/** Recognizes statements of Python that only add a function, a method, a name in a list, or an import of a standard module. Pure. */
import { type AdditionForm, type NameList, namesOfList, takenNames } from "../shared/added-functions.ts";

import { fieldOf, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode } from "../tree/syntax-node.ts";

export const pythonAdditions: AdditionForm = {
  functionIn: addedFunction,
  methodIn: methodName,
  listIn,
  libraryIn: libraryImport,
  isLookedFor: () => false,
  loadsByName: true,
};

/** The name of a function whose defaults and annotations run no code when the file is loaded; reading a member may run some. */
function addedFunction(statement: SyntaxNode): string | null {
  if (statement.name !== "function_definition") return null;
  const [name, parameters, type] = ["name", "parameters", "return_type"].map((field) => fieldOf(statement, field));
  const defaults = parameters?.children.filter(({ field }) => field === "value") ?? [];
  if (defaults.some((one) => hasMember(one))) return null;
  const isPlain = /^\([^()[\]{}@]*\)$/u.test(textOf(parameters));
  return isPlain && !/[([{@]/u.test(textOf(type)) ? textOf(name) : null;
}

function hasMember({ name, children }: SyntaxNode): boolean {
  return /^(?:attribute|subscript)$/u.test(name) || children.some(hasMember);
}

/** The name of a method, which may be a static method, a class method or a property. */
function methodName(member: SyntaxNode): string | null {
  if (member.name !== "decorated_definition") return addedFunction(member);
  const [decorator, inner, ...others] = member.children;
  const isPlain = /^@(?:staticmethod|classmethod|property)\s*$/u.test(textOf(decorator));
  return isPlain && inner !== undefined && others.length === 0 ? addedFunction(inner) : null;
}

/** Reads `__all__ = ["a", "b"]` or `from d import a, b as c`. */
function listIn(statement: SyntaxNode, path: string): NameList | null {
  const text = textOf(statement);
  const [, shared] = /^__all__\s*=\s*\[([\w\s"',]*)\]$/u.exec(text) ?? [];
  if (shared !== undefined && path.endsWith(".py")) {
    const texts = namesOfList(shared);
    const areTexts = texts.every((one) => /^(?:"\w+"|'\w+')$/u.test(one));
    return areTexts ? { kind: "all", names: texts.map((one) => one.slice(1, -1)), isImport: false } : null;
  }
  if (statement.name !== "import_from_statement") return null;
  const [, from, taken] = /^from\s+([\w.]+)\s+import\s*\(?([\w\s,]+)\)?$/u.exec(text) ?? [];
  return taken === undefined ? null : { kind: `from ${from}`, names: namesOfList(taken), isImport: true };
}

/** Standard modules that do nothing when they are loaded. */
const libraryModules =
  /^(?:abc|array|base64|bisect|calendar|cmath|collections|contextlib|copy|csv|dataclasses|datetime|decimal|difflib|enum|fractions|functools|hashlib|heapq|io|itertools|json|math|numbers|operator|pathlib|pprint|re|statistics|string|struct|tempfile|textwrap|time|types|typing|unicodedata|uuid|zoneinfo)$/u;

function libraryImport(statement: SyntaxNode): { module: string; names: string[] } | null {
  const text = textOf(statement).replaceAll(/\s+/gu, " ").replace(/ ?;$/u, "");
  const [, from, taken] = /^from ([\w.]+) import \(?([\w ,]+)\)?$/u.exec(text) ?? [];
  const module = (from ?? /^import (\w+)$/u.exec(text)?.[1] ?? "").split(".")[0] ?? "";
  if (!libraryModules.test(module)) return null;
  return { module, names: taken === undefined ? [module] : takenNames(taken) };
}
