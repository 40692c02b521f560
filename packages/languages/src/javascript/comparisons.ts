/**
 * Lists methods of JavaScript classes by which tests may compare, such as `equals`. A plain method compares all fields of both objects and nothing else. A
 * change asks if it replaces a plain method with another kind. A new method does not ask, because no older test calls it. Pure.
 */

import { definitionDigest, piecesOf, withoutSpaces } from "../shared/surroundings/comparing.ts";
import type { Use } from "../shared/surroundings/use.ts";
import { childOf, fieldOf, nodesIn, partsOf, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";
import { assignmentsOf, isAssignment, isClass, scriptParameters, scriptTargets } from "./javascript-syntax.ts";

const equality = "(?:equals?|isEqual|equal(?:s)?To|isEqualTo|eq|isSame(?:As)?|sameAs)";
const comparing = new RegExp(`^(?:${equality}|compare(?:To)?)$`, "u");

export function javascriptComparisons(tree: SyntaxTree): Use[] {
  const found: Use[] = [];
  const add = (what: string, node: SyntaxNode, isPlain: boolean) =>
    found.push({
      what,
      at: node.from,
      digest: definitionDigest(node),
      asks: isPlain ? "never" : "in-place-of-plain",
    });
  for (const node of nodesIn(tree.root)) {
    for (const member of isClass(node) ? partsOf(fieldOf(node, "body")) : []) {
      const name = comparisonIn(member);
      if (name !== null) add(name, member, isPlain(member, { owner: node, name }));
    }
    const target = isAssignment(node) ? withoutSpaces(textOf(fieldOf(node, "left") ?? node)) : "";
    const [, assigned] = /\.prototype(?:\.|\[["'`])(\w+)(?:["'`]\])?$/u.exec(target) ?? [];
    if (assigned !== undefined && comparing.test(assigned)) add(assigned, node, false);
  }
  return found;
}

const keyOf = (member: SyntaxNode) => fieldOf(member, "name") ?? fieldOf(member, "property");

/** The name of a comparing member, which is a method with a body or a property with a value. */

function comparisonIn(member: SyntaxNode): string | null {
  const key = keyOf(member);
  const name = textOf(key).replaceAll(/^\[\s*|["'`]|\s*\]$/gu, "");
  return (fieldOf(member, "body") ?? fieldOf(member, "value")) !== undefined && comparing.test(name) ? name : null;
}

function isPlain(member: SyntaxNode, { owner, name }: { owner: SyntaxNode; name: string }): boolean {
  const body = fieldOf(member, "body");
  const [parameter, ...more] = scriptParameters(member);
  const isOne = parameter?.pattern.name === "identifier" && parameter.value === undefined && more.length === 0;
  const other = isOne ? textOf(parameter.pattern) : undefined;
  const fields = fieldsOf(owner);
  const isMethod = member.name === "method_definition" && member.children[0]?.name === "property_identifier";
  if (!isMethod || other === undefined || body === undefined || fields === null || member.tree.errors.length > 0)
    return false;
  const same = `${other}instanceof${namePattern(owner)}`;
  const form = String.raw`^\{(?:if\(!\(${same}\)\)(?:\{returnfalse;?\}|returnfalse;))?return(.+?);?\}$`;
  const value = new RegExp(form, "u").exec(withoutSpaces(textOf(body)))?.[1] ?? "";
  const pieces = piecesOf(value, "&&").filter((piece) => !new RegExp(`^${same}$`, "u").test(piece));
  const forms = name.startsWith("compare")
    ? [String.raw`this\.(#?[\w$]+)-${other}\.\1`]
    : [
        String.raw`this\.(#?[\w$]+)(?:===${other}\.\1|\.${equality}\(${other}\.\1\))`,
        String.raw`${other}\.(#?[\w$]+)(?:===this\.\1|\.${equality}\(this\.\1\))`,
      ];
  const fieldIn = (piece: string) => forms.map((one) => new RegExp(`^${one}$`, "u").exec(piece)?.[1]).find(Boolean);
  const compared = new Set(pieces.map(fieldIn));
  return compared.size === fields.size && [...fields].every((field) => compared.has(field));
}

/** A pattern for the class's name; it matches nothing if the class has none. */
function namePattern(owner: SyntaxNode): string {
  const name = fieldOf(owner, "name");
  return name === undefined ? "(?!)" : textOf(name).replaceAll("$", String.raw`\$`);
}

/** The fields that a class declares, reads or sets; null if it has a parent or passes `this` to other code. */
function fieldsOf(owner: SyntaxNode): ReadonlySet<string> | null {
  const [fields, methods, assigned] = [new Set<string>(), new Set<string>(), new Set<string>()];
  let isKept = childOf(childOf(owner, "class_heritage"), "extends", "extends_clause") === undefined;
  for (const member of partsOf(fieldOf(owner, "body"))) {
    const key = keyOf(member);
    if (key !== undefined && childOf(member, "static") === undefined)
      (/field_definition$/u.test(member.name) ? fields : methods).add(textOf(key));
    for (const parameter of partsOf(fieldOf(member, "parameters")))
      if (childOf(parameter, "accessibility_modifier", "readonly", "override_modifier") !== undefined)
        for (const name of scriptTargets(fieldOf(parameter, "pattern"))) fields.add(textOf(name));
  }
  for (const name of fields) assigned.add(name);
  for (const node of nodesIn(owner)) {
    const [object, name] = [fieldOf(node, "object"), fieldOf(node, "property")];
    for (const { target } of assignmentsOf(node))
      if (fieldOf(target, "object")?.name === "this") assigned.add(textOf(fieldOf(target, "property") ?? target));
    if (node.children.some((child) => child.name === "this")) {
      if (object?.name === "this" && name !== undefined) fields.add(textOf(name));
      else if (!/^(?:return_statement|binary_expression)$/u.test(node.name) && !isFrozen(node)) isKept = false;
    }
  }
  // An accessor or method with a field's name may return the value in another form.
  if (!isKept || [...assigned].some((name) => methods.has(name))) return null;
  const own = [...fields].filter((name) => !methods.has(name));
  return own.length > 0 ? new Set(own) : null;
}

/** Whether these are the arguments of `Object.freeze(this)`. */
const isFrozen = (list: SyntaxNode) =>
  list.name === "arguments" && list.tree.text.slice(0, list.from).endsWith("Object.freeze");
