/**
 * Lists methods of JavaScript classes by which tests may compare, such as `equals`. One that takes the place of a plain one asks, unless it is plain too: it
 * compares all fields of both objects and nothing else. A new one does not ask, because no older test calls it. Pure.
 */
import { childOf, partsOf, sourceText } from "@aedev/languages/tree/print-syntax";
import type { SyntaxNode, SyntaxTree } from "@aedev/languages/tree/syntax-node";
import type { Use } from "../kept-state/use.ts";
import { definitionDigest } from "./definition-digest.ts";
import { piecesOf, withoutSpaces } from "./pieces.ts";

const equality = "(?:equals?|isEqual|equal(?:s)?To|isEqualTo|eq|isSame(?:As)?|sameAs)";
const comparing = new RegExp(`^(?:${equality}|compare(?:To)?)$`, "u");

export function javascriptComparisons(tree: SyntaxTree): Use[] {
  const found: Use[] = [];
  const add = (what: string, node: SyntaxNode, isPlain: boolean) =>
    found.push({
      what,
      at: node.from,
      digest: definitionDigest(node, tree),
      asks: isPlain ? "never" : "in-place-of-plain",
    });
  const visit = (node: SyntaxNode): void => {
    const members = node.name === "ClassBody" ? [] : partsOf(childOf(node, "ClassBody"));
    for (const member of members) {
      const name = comparisonIn(member, tree);
      if (name !== null) add(name, member, isPlain(member, { owner: node, name }, tree));
    }
    const target = node.name === "AssignmentExpression" ? withoutSpaces(targetOf(node, tree)) : "";
    const [, assigned] = /\.prototype(?:\.|\[["'`])(\w+)(?:["'`]\])?$/u.exec(target) ?? [];
    if (assigned !== undefined && comparing.test(assigned)) add(assigned, node, false);
    for (const child of node.children) visit(child);
  };
  visit(tree.root);
  return found;
}

const targetOf = (node: SyntaxNode, tree: SyntaxTree) => sourceText(tree, node.children[0] ?? node);

/** The name of a member that compares: a method with a body, or a property with a value. */
function comparisonIn(member: SyntaxNode, tree: SyntaxTree): string | null {
  const isMethod = member.name === "MethodDeclaration" && childOf(member, "Block") !== undefined;
  const isProperty = member.name === "PropertyDeclaration" && childOf(member, "Equals") !== undefined;
  const key = childOf(member, "PropertyDefinition", "PrivatePropertyDefinition", "String", "TemplateString");
  const name = key === undefined ? "" : sourceText(tree, key).replaceAll(/["'`]/gu, "");
  return (isMethod || isProperty) && comparing.test(name) ? name : null;
}

function isPlain(member: SyntaxNode, { owner, name }: { owner: SyntaxNode; name: string }, tree: SyntaxTree): boolean {
  const [list, body] = [childOf(member, "ParamList"), childOf(member, "Block")];
  const other = /^\((\w+)\??(?::[^,=]*)?\)$/u.exec(list === undefined ? "" : sourceText(tree, list))?.[1];
  const fields = fieldsOf(owner, tree);
  const isMethod = member.name === "MethodDeclaration" && member.children[0]?.name === "PropertyDefinition";
  if (!isMethod || other === undefined || body === undefined || fields === null || tree.errors.length > 0) return false;
  const same = `${other}instanceof${namePattern(owner, tree)}`;
  const form = String.raw`^\{(?:if\(!\(${same}\)\)(?:\{returnfalse;?\}|returnfalse;))?return(.+?);?\}$`;
  const value = new RegExp(form, "u").exec(withoutSpaces(sourceText(tree, body)))?.[1] ?? "";
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

/** The class's own name; matches nothing if it has none. */
function namePattern(owner: SyntaxNode, tree: SyntaxTree): string {
  const name = childOf(owner, "VariableDefinition");
  return name === undefined ? "(?!)" : sourceText(tree, name).replaceAll("$", String.raw`\$`);
}

/** What a class without a parent declares, and what it reads or sets of itself; null if it gives itself away. */
function fieldsOf(owner: SyntaxNode, tree: SyntaxTree): ReadonlySet<string> | null {
  const [fields, methods, assigned] = [new Set<string>(), new Set<string>(), new Set<string>()];
  let isKept = childOf(owner, "extends") === undefined;
  for (const member of partsOf(childOf(owner, "ClassBody"))) {
    const key = childOf(member, "PropertyDefinition", "PrivatePropertyDefinition");
    const isStatic = childOf(member, "static") !== undefined;
    if (key !== undefined && !isStatic)
      (member.name === "PropertyDeclaration" ? fields : methods).add(sourceText(tree, key));
    const parameters = childOf(member, "ParamList")?.children ?? [];
    for (const [at, { name }] of parameters.entries()) {
      const variable = parameters.slice(at).find((one) => one.name === "VariableDefinition");
      if (/^(?:Privacy|readonly)$/u.test(name) && variable !== undefined) fields.add(sourceText(tree, variable));
    }
  }
  for (const name of fields) assigned.add(name);
  const visit = (node: SyntaxNode): void => {
    const [first, , name] = node.children;
    const isTarget = /^(?:Assignment|Postfix|Unary|Update)Expression$/u.test(node.name);
    for (const child of isTarget ? node.children : []) {
      const text = sourceText(tree, child);
      if (/^this\s*\.\s*#?[\w$]+$/u.test(text)) assigned.add(text.replace(/^this\s*\.\s*/u, ""));
    }
    if (node.children.some((child) => child.name === "this")) {
      const isMember =
        node.name === "MemberExpression" && first?.name === "this" && /PropertyName$/u.test(name?.name ?? "");
      if (isMember && name !== undefined) fields.add(sourceText(tree, name));
      else if (!/^(?:ReturnStatement|BinaryExpression)$/u.test(node.name) && !isFrozen(node, tree)) isKept = false;
    }
    for (const child of node.children) visit(child);
  };
  visit(owner);
  // An accessor, or a method beside a field, may give its value in another form.
  if (!isKept || [...assigned].some((name) => methods.has(name))) return null;
  const own = [...fields].filter((name) => !methods.has(name));
  return own.length > 0 ? new Set(own) : null;
}

/** `Object.freeze(this)` */
const isFrozen = (list: SyntaxNode, tree: SyntaxTree) =>
  list.name === "ArgList" && tree.text.slice(0, list.from).endsWith("Object.freeze");
