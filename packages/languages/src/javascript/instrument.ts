/**
 * Makes a JavaScript or TypeScript file record the calls of its exported functions and of its exported classes' methods. It appends the recorder, so that no
 * line moves and every test runner loads the file as before. Pure.
 */

import { childOf, fieldOf, partsIn, partsOf, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";
import { readSyntax } from "../tree/syntax-tree.ts";
import { isClass, isFunctionDeclaration, isFunctionValue, isVariableDeclaration } from "./javascript-syntax.ts";

export interface Instrumented {
  text: string;
  /** Whether its functions are exported by `export` or by `module.exports`. */
  style: "module" | "commonjs";
}

/** An exported function: the name it has in the file and the one it is exported under. */
interface Exported {
  local: string;
  name: string;
}

/**
 * Null if the file exports nothing that can be recorded. `recorder`: an expression for a function of `(name, function)`; it can use `exported`, which in
 * CommonJS is the object of the exports.
 */
export function instrument(text: string, path: string, recorder: string): Instrumented | null {
  const tree = readSyntax(text, path);
  const statements = tree.root.children;
  if (statements.some(({ name }) => /^(?:ex|im)port_statement$/u.test(name))) {
    const nameless = namelessDefault(tree);
    const found = [...exportsOf(tree, functionNames), ...(nameless === null ? [] : [nameless.exported])];
    const classes = exportsOf(tree, classNames);
    if (found.length + classes.length === 0) return null;
    const calls = [
      ...found.map(({ local, name }) => `${local} = record(${JSON.stringify(name)}, ${local});`),
      ...classes.map(({ local, name }) => `record(${JSON.stringify(name)}, ${local});`),
    ].join(" ");
    const body = replaced(tree, [...letsOf(tree), ...(nameless === null ? [] : [nameless])]);
    const more = nameless === null ? "" : `export { ${nameless.exported.local} as default };\n`;
    // The block keeps our names apart from the file's.
    return {
      style: "module",
      text: `${body}\n;{ const exported = undefined; const record = ${recorder};\n${calls} }\n${more}`,
    };
  }
  // The names of CommonJS exports may be computed, so the recorder lists them at run time.
  if (/\.([cm]?ts|tsx|mjs|jsx)$/u.test(path) || !/\b(?:exports|module)\b/u.test(text)) return null;
  return {
    style: "commonjs",
    text: `${text}\n;{ const exported = module.exports; const record = ${recorder};
if (typeof exported === 'function') module.exports = record('module.exports', exported);
else if (exported !== null && typeof exported === 'object') for (const name of Object.keys(exported)) {
  const found = Object.getOwnPropertyDescriptor(exported, name);
  if (found.writable && typeof found.value === 'function') exported[name] = record(name, found.value);
} }\n`,
  };
}

/** Expressions that may result in a function; only loading the file shows it. */
const mayBeFunction =
  /^(?:arrow_function|(?:generator_)?function(?:_expression)?|(?:call|member|subscript|parenthesized|ternary|binary|await|as|satisfies)_expression|identifier)$/u;

interface Replacement {
  from: number;
  to: number;
  text: string;
}

type NamesOf = (statement: SyntaxNode) => string[];

/** Exported top-level functions or classes, whichever `namesOf` names. */
function exportsOf(tree: SyntaxTree, namesOf: NamesOf): Exported[] {
  const functions = new Set(tree.root.children.flatMap((node) => namesOf(node)));
  const found = new Map<string, Exported>();
  for (const node of tree.root.children) {
    if (node.name !== "export_statement" || fieldOf(node, "source") !== undefined) continue;
    const isDefault = childOf(node, "default") !== undefined;
    const own = namesOf(node).map((local) => ({ local, name: isDefault ? "default" : local }));
    for (const one of [...own, ...groupOf(node)]) if (functions.has(one.local)) found.set(one.name, one);
  }
  return [...found.values()];
}

/** A default export whose function has no name of its own in the file, and the edit that gives it one. */
function namelessDefault(tree: SyntaxTree): (Replacement & { exported: Exported }) | null {
  const all = tree.root.children.filter(({ children }) => children[1]?.name === "default");
  const [keyword, marker, value] = all[0]?.children ?? [];
  // A file with errors may hide a second default export.
  if (
    all.length !== 1 ||
    tree.errors.length > 0 ||
    keyword === undefined ||
    marker === undefined ||
    value === undefined
  )
    return null;
  const isNameless =
    value.name === "call_expression" || (isFunctionValue(value) && fieldOf(value, "name") === undefined);
  const isAlias =
    value.name === "identifier" && tree.root.children.some((node) => functionNames(node).includes(textOf(value)));
  const between = tree.text.slice(keyword.from, marker.to);
  if (!(isNameless || isAlias) || !/^export +default$/u.test(between)) return null;
  let local = "exportedDefault";
  while (tree.text.includes(local)) local += "_";
  const { from } = keyword;
  return { from, to: marker.to, text: `let ${local} =`, exported: { local, name: "default" } };
}

/** The declaration in a top-level statement, exported or not. */
const declaredIn = (statement: SyntaxNode): SyntaxNode =>
  fieldOf(statement, "declaration") ?? fieldOf(statement, "value") ?? statement;

/** Names of the classes that a top-level statement declares. */
function classNames(statement: SyntaxNode): string[] {
  const node = declaredIn(statement);
  return isClass(node) ? partsIn(node, "name").map(textOf) : [];
}

/** Names of the functions that a top-level statement declares. */
function functionNames(statement: SyntaxNode): string[] {
  const node = declaredIn(statement);
  const all = isVariableDeclaration(node)
    ? partsOf(node).filter((one) => mayBeFunction.test(fieldOf(one, "value")?.name ?? ""))
    : isFunctionDeclaration(node) || isFunctionValue(node)
      ? [node]
      : [];
  const names = all.map((one) => fieldOf(one, "name"));
  return names.flatMap((name) => (name?.name === "identifier" ? [textOf(name)] : []));
}

/** The names in `export { a as b, c }`. */
function groupOf(statement: SyntaxNode): Exported[] {
  return partsOf(childOf(statement, "export_clause")).flatMap((one) => {
    const [local, alias] = [fieldOf(one, "name"), fieldOf(one, "alias")];
    if (local === undefined) return [];
    return [{ local: textOf(local), name: textOf(alias ?? local) }];
  });
}

/** Turns each top-level `const` into `let`, so that the recorder can replace a function. */
function letsOf(tree: SyntaxTree): Replacement[] {
  return tree.root.children
    .map(declaredIn)
    .flatMap((node) => (isVariableDeclaration(node) ? partsIn(node, "kind") : []))
    .flatMap(({ name, from, to }) => (name === "const" ? [{ from, to, text: "let  " }] : []));
}

function replaced(tree: SyntaxTree, replacements: readonly Replacement[]): string {
  let text = "";
  let at = 0;
  for (const one of replacements.toSorted((first, second) => first.from - second.from)) {
    text += `${tree.text.slice(at, one.from)}${one.text}`;
    at = one.to;
  }
  return text + tree.text.slice(at);
}
