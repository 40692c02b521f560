/** Reads code as units that can change by themselves: functions, methods, and other statements at the top. Pure. */
import { importOf, pythonImport } from "../python/python-syntax.ts";
import { childOf, fieldOf, isComment, nodesIn, partsIn, partsOf, printSyntax, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";
import { contentOf } from "./names.ts";

export interface CodeUnit {
  /** `total`, or `Cart.total` for a method; empty for a statement without a name. */
  readonly name: string;
  readonly print: string;
  /** Whether calling the name runs the unit. */
  readonly isFunction: boolean;
  /** It only loads names of other files, or gives names to them. */
  readonly isLink: boolean;
  /** Names that it mentions, members of objects among them. */
  readonly mentions: ReadonlySet<string>;
}
/** Names that other files can use, each with its signature; null: only its name is known. */
export type Surface = ReadonlyMap<string, string | null>;

const functions = /^(?:(?:generator_)?function_declaration|function_definition|method_d(?:eclaration|efinition))$/u;
const classes = /^(?:abstract_)?class_(?:declaration|definition)$/u;
const wrappers = /^(?:export_statement|decorated_definition)$/u;
const links = /^(?:import_\w+|future_import_statement|package_clause)$/u;
const nameNode = /identifier/u;

/** The statement that a decorator or `export` stands before. */
const innerOf = (node: SyntaxNode): SyntaxNode => {
  if (!wrappers.test(node.name)) return node;
  return fieldOf(node, "declaration") ?? fieldOf(node, "definition") ?? fieldOf(node, "value") ?? node;
};

/** All units of a file, in order. */
export function codeUnitsOf({ root }: SyntaxTree): CodeUnit[] {
  return root.children.filter((node) => !isComment(node)).flatMap(unitsIn);
}

function unitsIn(statement: SyntaxNode): CodeUnit[] {
  const node = innerOf(statement);
  if (classes.test(node.name)) {
    const body = fieldOf(node, "body");
    const name = textOf(fieldOf(node, "name"));
    const methods = (body?.children ?? []).filter((one) => functions.test(innerOf(one).name));
    const rest = { ...unitOf(statement, name), print: printSyntax(statement, new Set(methods)) };
    return [rest, ...methods.map((one) => unitOf(one, `${name}.${textOf(fieldOf(innerOf(one), "name"))}`))];
  }
  const isDefault = childOf(statement, "default") !== undefined;
  if (functions.test(node.name)) {
    const name = functionName(node);
    return [name, ...(isDefault ? ["default"] : [])].filter((one) => one !== "").map((one) => unitOf(statement, one));
  }
  const names = isDefault ? ["default"] : boundNames(node).map(exportedName);
  return names.length === 0 ? [unitOf(statement, "")] : names.map((name) => unitOf(statement, name));
}

/** `f` for `exports.f` and `module.exports.f`. */
const exportedName = (name: string): string => name.replace(/^(?:module\.)?exports\.(?=\w)/u, "");

function unitOf(statement: SyntaxNode, name: string): CodeUnit {
  const node = innerOf(statement);
  const mentions = new Set([...nodesIn(statement)].filter((one) => nameNode.test(one.name)).map(textOf));
  const target = childOf(node, "variable_declarator", "assignment", "assignment_expression") ?? node;
  const value = fieldOf(target, "value") ?? fieldOf(target, "right") ?? node;
  const isValue = /^(?:arrow_function|function_expression|lambda)$/u.test(value.name);
  return {
    ...{ name, mentions, print: printSyntax(statement) },
    // Whoever calls an exported value calls what it is made of.
    isFunction: functions.test(node.name) || isValue || name === "module.exports" || name === "default",
    isLink: (links.test(node.name) && !isForEffect(node)) || isExportOnly(statement) || isLoading(statement),
  };
}

/** `Cart.total` for a method of Go. */
function functionName(node: SyntaxNode): string {
  const name = textOf(fieldOf(node, "name"));
  const receiver = fieldOf(node, "receiver");
  const type =
    receiver === undefined ? undefined : [...nodesIn(receiver)].find((one) => one.name === "type_identifier");
  return type === undefined ? name : `${textOf(type)}.${name}`;
}

function boundNames(node: SyntaxNode): string[] {
  const parts = [node, ...node.children.flatMap((one) => [one, ...one.children])];
  const targets = parts.flatMap((one) => {
    if (one.name === "variable_declarator" || /_(?:spec|alias)$/u.test(one.name)) return partsIn(one, "name");
    if (one.name === "assignment" || one.name === "assignment_expression") return partsIn(one, "left");
    return /^(?:interface|type_alias|enum)_declaration$/u.test(one.name) ? partsIn(one, "name") : [];
  });
  return [...new Set(targets.map(textOf))];
}

/** `module.exports = { a, b }` and `export { a }`, which run nothing of their own. */
function isExportOnly(statement: SyntaxNode): boolean {
  if (childOf(statement, "export_clause") !== undefined) return true;
  const assignment = childOf(statement, "assignment_expression");
  if (!/^(?:module\.)?exports\b/u.test(textOf(fieldOf(assignment, "left")))) return false;
  const value = fieldOf(assignment, "right");
  return value?.name === "object" && partsOf(value).every(({ name }) => name === "shorthand_property_identifier");
}

/** `import "./a"`, which may do anything. */
const isForEffect = (node: SyntaxNode): boolean =>
  node.name === "import_statement" &&
  fieldOf(node, "source") !== undefined &&
  childOf(node, "import_clause") === undefined;

/** `const { a } = require("./b")`. */
function isLoading(statement: SyntaxNode): boolean {
  const declarators = partsOf(statement).filter(({ name }) => name === "variable_declarator");
  return (
    declarators.length > 0 &&
    declarators.every((one) => /^require\(\s*["'`][^"'`]+["'`]\s*\)(?:\.\w+)*$/u.test(textOf(fieldOf(one, "value"))))
  );
}

/** What a file gives to others. */
export function surfaceOf(tree: SyntaxTree, language: string): Surface {
  const given = new Map<string, string | null>();
  const declared = new Map(tree.root.children.flatMap((node) => signaturesIn(node)));
  switch (language) {
    case "javascript": {
      for (const name of scriptExports(tree)) given.set(name, declared.get(name) ?? null);
      break;
    }
    case "python": {
      for (const [name, signature] of declared) given.set(name, signature);
      for (const node of tree.root.children)
        if (pythonImport.test(node.name))
          for (const { name, own } of importOf(node).names)
            if (!given.has(own ?? name) && importOf(node).module?.startsWith(".") === true)
              given.set(own ?? name, null);
      break;
    }
    default:
      for (const [name, signature] of declared) given.set(name, signature);
  }
  const members = [...declared].filter(([name]) => name.includes(".") && given.has(name.split(".")[0] ?? ""));
  for (const [name, signature] of members) given.set(name, signature);
  const isOpen = (name: string) => name.split(".").every((one) => isOpenName(one, language));
  return new Map([...given].filter(([name]) => isOpen(name)));
}

function isOpenName(name: string, language: string): boolean {
  if (language === "go") return /^\p{Lu}/u.test(name);
  return language === "python" ? !name.startsWith("_") || /^__\w+__$/u.test(name) : !name.startsWith("#");
}

function signaturesIn(statement: SyntaxNode): [string, string][] {
  const node = innerOf(statement);
  if (classes.test(node.name)) {
    const name = textOf(fieldOf(node, "name"));
    const methods = (fieldOf(node, "body")?.children ?? []).filter((one) => functions.test(innerOf(one).name));
    const base = fieldOf(node, "superclasses") ?? childOf(node, "class_heritage");
    return [
      [name, base === undefined ? "class" : printSyntax(base)],
      ...methods.map((one): [string, string] => [
        `${name}.${textOf(fieldOf(innerOf(one), "name"))}`,
        signatureOf(innerOf(one)),
      ]),
    ];
  }
  if (functions.test(node.name)) return [[functionName(node), signatureOf(node)]];
  return boundNames(node).map((name) => [exportedName(name), "value"]);
}

function signatureOf(node: SyntaxNode): string {
  const parts = [fieldOf(node, "parameters"), fieldOf(node, "result"), childOf(node, "async", "static", "get", "set")];
  return parts.flatMap((one) => (one === undefined ? [] : [printSyntax(one)])).join(" ");
}

function scriptExports({ root }: SyntaxTree): string[] {
  return root.children.flatMap((statement) => {
    if (statement.name === "export_statement") {
      const clause = childOf(statement, "export_clause");
      const given = partsOf(clause).map((one) => textOf(fieldOf(one, "alias") ?? fieldOf(one, "name") ?? one));
      const own = fieldOf(statement, "declaration");
      const names = own === undefined ? [] : [textOf(fieldOf(own, "name")), ...boundNames(own)];
      const others = childOf(statement, "default") === undefined ? [] : ["default"];
      const whole =
        childOf(statement, "*") === undefined ? [] : [`* ${contentOf(textOf(fieldOf(statement, "source")))}`];
      return [...given, ...names.filter((name) => name !== ""), ...others, ...whole];
    }
    const assignment = childOf(statement, "assignment_expression");
    const left = textOf(fieldOf(assignment, "left"));
    const value = fieldOf(assignment, "right");
    if (/^(?:module\.)?exports$/u.test(left) && value !== undefined)
      return value.name === "object"
        ? partsOf(value).map((one) => textOf(fieldOf(one, "key") ?? fieldOf(one, "name") ?? one))
        : ["default"];
    return /^(?:module\.)?exports\.\w+$/u.test(left) ? [exportedName(left)] : [];
  });
}
