/** Recognizes statements of JavaScript and TypeScript that only add a function, a method, a name in a list, or an import of a Node module. Pure. */
import { type AdditionForm, type NameList, namesOfList, takenNames } from "../shared/added-functions.ts";

import { childOf, fieldOf, partsOf, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode } from "../tree/syntax-node.ts";
import { isFunctionValue } from "./javascript-syntax.ts";

export const javascriptAdditions: AdditionForm = {
  functionIn: addedFunction,
  methodIn: methodName,
  listIn,
  libraryIn: libraryImport,
  isLookedFor: (name) => /^[_$]/u.test(name),
  loadsByName: false,
};

/** The name of the function that a statement only declares or exports under its own name; null for any other statement. */
function addedFunction(statement: SyntaxNode): string | null {
  switch (statement.name) {
    case "export_statement": {
      const inner = fieldOf(statement, "declaration");
      return inner === undefined || childOf(statement, "default") !== undefined ? null : addedFunction(inner);
    }
    case "function_declaration":
    case "generator_function_declaration":
      return hasDecoratedParameter(statement) ? null : textOf(fieldOf(statement, "name"));
    case "lexical_declaration": {
      const [kind, one, ...others] = partsOf(statement);
      const name = fieldOf(one, "name");
      const isConstant = kind?.name === "const" && name?.name === "identifier" && others.length === 0;
      return isConstant && isPlainFunction(fieldOf(one, "value")) ? textOf(name) : null;
    }
    case "expression_statement": {
      const assignment = childOf(statement, "assignment_expression");
      if (!isPlainFunction(fieldOf(assignment, "right"))) return null;
      return /^(?:module\.)?exports\.([\w$]+)$/u.exec(textOf(fieldOf(assignment, "left")))?.[1] ?? null;
    }
    default:
      return null;
  }
}

/** Whether a parameter has a decorator, which TypeScript runs when it loads the file. */
function hasDecoratedParameter(one: SyntaxNode): boolean {
  return textOf(fieldOf(one, "parameters")).includes("@");
}

function isPlainFunction(value: SyntaxNode | undefined): boolean {
  return value !== undefined && isFunctionValue(value) && !hasDecoratedParameter(value);
}

/** The name of a method, which may be static or a getter; null if it is no plain name. */
function methodName(member: SyntaxNode): string | null {
  const name = member.name === "method_definition" ? fieldOf(member, "name") : undefined;
  if (name?.name !== "property_identifier") return null;
  const before = member.children.slice(0, member.children.indexOf(name));
  const isPlain = before.every((one) => /^(?:async|static|get|\*|accessibility_modifier)$/u.test(one.name));
  return isPlain && !hasDecoratedParameter(member) ? textOf(name) : null;
}

/** `module.exports = { a, b };`, `export { a, b };` and `import { a, b as c } from "d";`, but not in TypeScript, where another name may load the module. */
function listIn(statement: SyntaxNode, path: string): NameList | null {
  const text = textOf(statement);
  const [, what, own] = /^(module\.exports\s*=|export)\s*\{([\w$\s,]*)\}\s*;?$/u.exec(text) ?? [];
  if (what !== undefined && own !== undefined)
    return { kind: what === "export" ? "export" : "object", names: namesOfList(own), isImport: false };
  if (statement.name !== "import_statement" || /\.[cm]?tsx?$/u.test(path)) return null;
  const [, before, list, after] =
    /^(import\s+(?:[\w$]+\s*,\s*)?)\{([\w$\s,]*)\}(\s*from\s*(?:'[^']*'|"[^"]*"))\s*;?$/u.exec(text) ?? [];
  return list === undefined ? null : { kind: `${before}${after}`, names: namesOfList(list), isImport: true };
}

/** Node modules that do nothing when they are loaded. */
const nodeModules =
  /^node:(?:assert(?:\/strict)?|buffer|crypto|events|fs(?:\/promises)?|os|path(?:\/posix)?|querystring|readline|stream(?:\/promises)?|string_decoder|timers(?:\/promises)?|url|util|zlib)$/u;

function libraryImport(statement: SyntaxNode): { module: string; names: string[] } | null {
  const text = textOf(statement).replaceAll(/\s+/gu, " ").replace(/ ?;$/u, "");
  const found =
    /^import (?:(?<whole>[\w$]+)|\* as (?<all>[\w$]+)|\{(?<list>[\w$ ,]+)\}) from ["'](?<module>[\w:/]+)["']$/u.exec(
      text,
    )?.groups ??
    /^const (?:(?<whole>[\w$]+)|\{(?<list>[\w$ ,]+)\}) = require\(["'](?<module>[\w:/]+)["']\)$/u.exec(text)?.groups;
  const module = found?.["module"] ?? "";
  if (!nodeModules.test(module)) return null;
  const own = found?.["whole"] ?? found?.["all"];
  return { module, names: own === undefined ? takenNames(found?.["list"] ?? "") : [own] };
}
