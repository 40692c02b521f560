/** Reads from a syntax tree of JavaScript or TypeScript which names a node declares, assigns and takes as parameters. Pure. */
import { changesOthersBy } from "../shared/growth.ts";
import { fieldOf, isComment, partsOf, signOf } from "../tree/print-syntax.ts";
import type { SyntaxNode } from "../tree/syntax-node.ts";

const functions = /^(?:arrow_function|(?:generator_)?function(?:_expression|_declaration)?|method_definition)$/u;

/** A function; a node of that name without children is the keyword. */
export const isFunction = (node: SyntaxNode | undefined): boolean =>
  node !== undefined && functions.test(node.name) && node.children.length > 0;

/** `function f() {}` or `function* f() {}`. */
export const isFunctionDeclaration = ({ name }: SyntaxNode): boolean =>
  /^(?:generator_)?function_declaration$/u.test(name);

/** A function used as a value, not a declaration or a method. */
export const isFunctionValue = (node: SyntaxNode | undefined): boolean =>
  node !== undefined && isFunction(node) && node.name !== "method_definition" && !isFunctionDeclaration(node);

/** A class, with a name or as a value. */
export const isClass = ({ name, children }: SyntaxNode): boolean =>
  /^(?:abstract_)?class(?:_declaration)?$/u.test(name) && children.length > 0;

export const isVariableDeclaration = ({ name }: SyntaxNode): boolean =>
  /^(?:lexical|variable|using)_declaration$/u.test(name);

/** `a.b` and `a[b]` */
export const isMemberAccess = (node: SyntaxNode | undefined): boolean =>
  node !== undefined && /^(?:member|subscript)_expression$/u.test(node.name);

/** A name of a variable; it may be declared there. */
export const isVariableUse = ({ name }: SyntaxNode): boolean =>
  /^(?:shorthand_property_)?identifier$|^undefined$/u.test(name);

/** `a = b` and `a += b` */
export const isAssignment = ({ name }: SyntaxNode): boolean => /^(?:augmented_)?assignment_expression$/u.test(name);

/** A parameter without its type. */
interface Parameter {
  /** A name, or a destructuring pattern. */
  readonly pattern: SyntaxNode;
  readonly value: SyntaxNode | undefined;
}

export function scriptParameters(one: SyntaxNode | undefined): Parameter[] {
  const only = fieldOf(one, "parameter");
  const all = only === undefined ? partsOf(fieldOf(one, "parameters")) : [only];
  return all.map((parameter) => {
    const pattern = fieldOf(parameter, "pattern") ?? fieldOf(parameter, "left") ?? parameter;
    return { pattern, value: fieldOf(parameter, "value") ?? fieldOf(parameter, "right") };
  });
}

/** All names and members in a target or a pattern. */
export function scriptTargets(node: SyntaxNode | undefined): SyntaxNode[] {
  if (node === undefined) return [];
  if (/^(?:identifier|shorthand_property_identifier_pattern)$/u.test(node.name) || isMemberAccess(node)) return [node];
  if (/^(?:object_)?assignment_pattern$/u.test(node.name)) return scriptTargets(fieldOf(node, "left"));
  if (node.name === "pair_pattern") return scriptTargets(fieldOf(node, "value"));
  return /^(?:(?:object|array|rest)_pattern|parenthesized_expression|as_expression|satisfies_expression|non_null_expression)$/u.test(
    node.name,
  )
    ? node.children.flatMap(scriptTargets)
    : [];
}

const named =
  /^(?:(?:generator_)?function(?:_expression|_declaration|_signature)?|(?:abstract_)?class(?:_declaration)?|(?:interface|enum|type_alias)_declaration|variable_declarator|(?:internal_)?module)$/u;

/** The names that a node itself declares, as a definition, parameters, a loop, a `catch` or an import. */
export function declaredBy(node: SyntaxNode): SyntaxNode[] {
  if (named.test(node.name)) {
    const name = fieldOf(node, "name");
    const own = name?.name === "type_identifier" ? [name] : scriptTargets(name);
    return [...own, ...parameterNames(node)];
  }
  switch (node.name) {
    case "catch_clause":
      return scriptTargets(fieldOf(node, "parameter"));
    case "for_in_statement":
      return fieldOf(node, "kind") === undefined ? [] : scriptTargets(fieldOf(node, "left"));
    case "import_specifier":
      return scriptTargets(fieldOf(node, "alias") ?? fieldOf(node, "name"));
    case "import_clause":
    case "namespace_import":
    case "import_require_clause":
    case "import_alias":
      return node.children.filter(({ name }) => name === "identifier");
    default:
      return parameterNames(node);
  }
}

/** The names of a function's parameters; empty for any other node. */
export const parameterNames = (node: SyntaxNode): SyntaxNode[] =>
  scriptParameters(node).flatMap(({ pattern }) => scriptTargets(pattern));

/** All names that a node declares at any depth. */
export function allDeclared(node: SyntaxNode): SyntaxNode[] {
  return [...declaredBy(node), ...node.children.flatMap(allDeclared)];
}

/** Types, which do not run. */
export const isType = ({ name, children }: SyntaxNode): boolean =>
  /^(?:\w+_annotation|type_(?:arguments|parameters)|type_alias_declaration|interface_declaration|ambient_declaration|implements_clause|index_signature|\w+_signature|\w+_type)$/u.test(
    name,
  ) && children.length > 0;

/** The targets that a node assigns, and how: `a` in `a = b`, `a += b`, `a++`, `delete a`, `[a] = b` and `for (a of b)`. */
export function assignmentsOf(node: SyntaxNode): { target: SyntaxNode; sign: string; value: SyntaxNode | undefined }[] {
  const write = (targets: readonly SyntaxNode[], sign: string, value?: SyntaxNode) =>
    targets.map((target) => ({ target, sign, value }));
  if (isAssignment(node))
    return write(scriptTargets(fieldOf(node, "left")), signOf(node) ?? "=", fieldOf(node, "right"));
  if (node.name === "update_expression" || signOf(node) === "delete")
    return write(scriptTargets(fieldOf(node, "argument")), signOf(node) ?? "");
  if (node.name !== "for_in_statement" || fieldOf(node, "kind") !== undefined) return [];
  return write(scriptTargets(fieldOf(node, "left")), "of");
}

/** The expression inside parentheses, such as a condition; any other node itself. */
export const insideOf = (node: SyntaxNode | undefined): SyntaxNode | undefined =>
  node?.name === "parenthesized_expression" ? node.children.slice(1).find((child) => !isComment(child)) : node;

/** Whether a piece of a test file may change more than its own row. */
export const scriptChangesOthers = changesOthersBy(declaredBy);
