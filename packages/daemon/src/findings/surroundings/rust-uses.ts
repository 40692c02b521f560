/** Lists what Rust code depends on besides its inputs, and statics that can change: by text without comments, string literals and modules of tests. Pure. */

import { isTestModule } from "@aedev/languages/rust/rust-tests";
import { childOf, partsOf, sourceText } from "@aedev/languages/tree/print-syntax";
import type { SyntaxNode, SyntaxTree } from "@aedev/languages/tree/syntax-node";
import { definitionDigest } from "./comparing/definition-digest.ts";
import { actingAssertions } from "./debug-assertions.ts";
import type { Use } from "./kept-state/use.ts";
import { rustPatterns } from "./surrounding-rules.ts";

export function rustUses(tree: SyntaxTree): Use[] {
  const letters = [...tree.text];
  // Offsets are of UTF-16 units, as in the tree.
  const units = letters.flatMap((letter) => letter.split(""));
  const uses: Use[] = [];
  const blank = (node: SyntaxNode): void => {
    const isComparison = node.name === "ImplItem" && (isPlainEquality(node, tree) || isPrivateOrder(node, tree));
    const end = isComparison ? (childOf(node, "DeclarationList")?.from ?? node.from) : node.to;
    if (isComparison || isTestModule(tree, node) || /Comment$|^(?:String|RawString|Char)$/u.test(node.name))
      for (let at = node.from; at < end; at += 1) if (units[at] !== "\n") units[at] = " ";
    if (isTestModule(tree, node)) return;
    const compares = isComparison ? null : comparingTrait(node, tree);
    const digest = compares === "PartialEq" ? definitionDigest(node, tree) : undefined;
    if (compares !== null) uses.push({ what: `impl ${compares} for`, at: node.from, digest });
    for (const child of node.children) blank(child);
  };
  blank(tree.root);
  // A raw name is the same name.
  const text = units.join("").replaceAll(/\br#(?=[\p{L}_])/gu, "  ");
  const found = [...text.matchAll(rustPatterns)].map((match) => ({
    what: match[0].replace(/\s+/gu, " "),
    at: match.index,
  }));
  return [...found, ...actingAssertions(text), ...uses].toSorted((one, other) => one.at - other.at);
}

/** The trait by which an implementation decides how values compare, or what their end does; null for any other node. */
function comparingTrait(node: SyntaxNode, tree: SyntaxTree): string | null {
  if (node.name !== "ImplItem") return null;
  const header = tree.text.slice(node.from, childOf(node, "DeclarationList")?.from);
  const [before = ""] = header.split(/\bfor\b(?!\s*<)/u);
  return /\bfor\b/u.test(header)
    ? (/\b(?:PartialEq|PartialOrd|Eq|Ord|Drop)\b(?!\s*[+>])/u.exec(before)?.[0] ?? null)
    : null;
}

/** Equality with the own type only, which compares each field of both: without methods, arithmetic, constants and anything that makes values coarser. */
function isPlainEquality(node: SyntaxNode, tree: SyntaxTree): boolean {
  const body = childOf(node, "DeclarationList");
  const name = /^impl\s+PartialEq\s+for\s+(\w+)\s*$/u.exec(tree.text.slice(node.from, body?.from))?.[1];
  const method = childOf(body, "FunctionItem");
  const other = /^fn\s+eq\s*\(\s*&self\s*,\s*(\w+)\s*:/u.exec(
    method === undefined ? "" : sourceText(tree, method),
  )?.[1];
  const [expression, ...rest] = partsOf(childOf(method, "Block"));
  // In a module or function, the name may mean another type.
  if (name === undefined || !tree.root.children.includes(node)) return false;
  if (partsOf(body).length !== 1 || other === undefined || expression === undefined || rest.length > 0) return false;
  const text = sourceText(tree, expression).replaceAll(/\s+/gu, "");
  const fields = fieldsOf(name, tree);
  return comparesFields(text, { other, fields });
}

interface Operands {
  readonly other: string;
  readonly fields: readonly string[];
}

/** `self.a == other.a && other.b == self.b`, without blanks. */
function comparesFields(text: string, { other, fields }: Operands): boolean {
  const form = new RegExp(`^(?:self\\.(\\w+)==${other}\\.\\1|${other}\\.(\\w+)==self\\.\\2)$`, "u");
  const compared = text.split("&&").map((part) => form.exec(part));
  const names = new Set(compared.map((found) => found?.[1] ?? found?.[2]));
  return fields.length > 0 && names.size === fields.length && fields.every((field) => names.has(field));
}

/** The fields of a type of the file, by name or number; none if the file has several of its name. */
function fieldsOf(name: string, tree: SyntaxTree): string[] {
  const [type, ...more] = typesOf(name, tree);
  if (type === undefined || more.length > 0) return [];
  const ordered = childOf(type, "OrderedFieldDeclarationList");
  const named = childOf(type, "FieldDeclarationList");
  const isPlain = [...(ordered?.children ?? []), ...(named?.children ?? [])].every(
    (one) => !/Attribute/u.test(one.name),
  );
  if (!isPlain) return [];
  return [
    ...partsOf(ordered)
      .filter((part) => part.name !== "Vis")
      .map((_, at) => String(at)),
    ...partsOf(named).map((field) => sourceText(tree, childOf(field, "FieldIdentifier") ?? field)),
  ];
}

function typesOf(name: string, tree: SyntaxTree): SyntaxNode[] {
  const items = tree.root.children.map((node) =>
    node.name === "AttributeItem" ? (node.children.at(-1) ?? node) : node,
  );
  return items.filter(
    (item) => item.name === "StructItem" && sourceText(tree, childOf(item, "TypeIdentifier") ?? item) === name,
  );
}

/**
 * Equality or order of a type that only functions of its own file use within them, such as the entries of a heap, and that the file's tests don't mention. In another type, a signature
 * or a module below, values of it could reach a test, which may compare what holds them.
 */
function isPrivateOrder(node: SyntaxNode, tree: SyntaxTree): boolean {
  const header = tree.text.slice(node.from, childOf(node, "DeclarationList")?.from);
  const name = /^impl(?:<[^>]*>)?\s+(?:[\w:]+::)?(?:Partial)?(?:Eq|Ord)\s+for\s+(\w+)(?:<[^>]*>)?\s*$/u.exec(
    header,
  )?.[1];
  const [type] = name === undefined ? [] : typesOf(name, tree);
  if (name === undefined || type === undefined || childOf(type, "Vis") !== undefined) return false;
  return tree.root.children.every((one) => one.children.includes(type) || one === type || keepsInside(one, name, tree));
}

/** Whether an item of the file mentions the type at most within the bodies of functions, or gives it methods. */
function keepsInside(node: SyntaxNode, name: string, tree: SyntaxTree): boolean {
  if (/Comment$/u.test(node.name)) return true;
  if (isTestModule(tree, node)) return !mentions(node, name, tree);
  if (node.name === "AttributeItem") return node.children.every((child) => keepsInside(child, name, tree));
  if (node.name === "ModItem") return false;
  const body = childOf(node, "Block", "DeclarationList");
  const isOwn =
    node.name === "ImplItem" &&
    new RegExp(`\\b${name}(?:<[^>]*>)?\\s*$`, "u").test(tree.text.slice(node.from, body?.from));
  if (isOwn) return true;
  if (node.name === "ImplItem") return (body?.children ?? []).every((child) => keepsInside(child, name, tree));
  if (node.name !== "FunctionItem") return !mentions(node, name, tree);
  return (
    body !== undefined &&
    !new RegExp(`\\b${name}\\b|\\bimpl\\b|\\bdyn\\b`, "u").test(tree.text.slice(node.from, body.from))
  );
}

const mentions = ({ from, to }: SyntaxNode, name: string, tree: SyntaxTree) =>
  new RegExp(`\\b${name}\\b`, "u").test(tree.text.slice(from, to));
