/** Lists what Rust code depends on besides its inputs, and statics that can change. It finds them in the text, leaving out comments, string literals and modules of tests. Pure. */

import { isRustText } from "../../rust/rust-syntax.ts";
import { isTestModule } from "../../rust/rust-tests.ts";
import { childOf, fieldOf, isComment, partsOf, textOf } from "../../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../../tree/syntax-node.ts";
import { definitionDigest } from "./comparing/definition-digest.ts";
import { actingAssertions } from "./debug-assertions.ts";
import type { Use } from "./kept-state/use.ts";
import { rustPatterns } from "./surrounding-rules.ts";

export function rustUses(tree: SyntaxTree): Use[] {
  const units = tree.text.split("");
  const uses: Use[] = [];
  const blank = (node: SyntaxNode): void => {
    const isComparison = node.name === "impl_item" && (isPlainEquality(node) || isPrivateOrder(node));
    const end = isComparison ? (fieldOf(node, "body")?.from ?? node.from) : node.to;
    if (isComparison || isTestModule(node) || isComment(node) || isRustText(node) || node.name === "char_literal")
      for (let at = node.from; at < end; at += 1) if (units[at] !== "\n") units[at] = " ";
    if (isTestModule(node)) return;
    const compares = isComparison ? null : comparingTrait(node);
    const digest = compares === "PartialEq" ? definitionDigest(node) : undefined;
    if (compares !== null) uses.push({ what: `impl ${compares} for`, at: startOf(node), digest });
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
function comparingTrait(node: SyntaxNode): string | null {
  const trait = node.name === "impl_item" ? fieldOf(node, "trait") : undefined;
  if (trait === undefined) return null;
  const name = nameOf((trait.name === "generic_type" ? fieldOf(trait, "type") : undefined) ?? trait);
  return /^(?:Partial)?(?:Eq|Ord)$|^Drop$/u.test(name) ? name : null;
}

/** Where an implementation begins, behind its attributes. */
const startOf = (node: SyntaxNode) => childOf(node, "unsafe", "impl")?.from ?? node.from;

/** What stands before its methods. */
const headerOf = (node: SyntaxNode) => node.tree.text.slice(startOf(node), fieldOf(node, "body")?.from);

/** Equality with the own type only, which compares each field of both: without methods, arithmetic, constants and anything that makes values coarser. */
function isPlainEquality(node: SyntaxNode): boolean {
  const body = fieldOf(node, "body");
  const name = /^impl\s+PartialEq\s+for\s+(\w+)\s*$/u.exec(headerOf(node))?.[1];
  const method = childOf(body, "function_item");
  const other = /^fn\s+eq\s*\(\s*&self\s*,\s*(\w+)\s*:/u.exec(textOf(method))?.[1];
  const [expression, ...rest] = partsOf(fieldOf(method, "body"));
  // In a module or function, the name may mean another type.
  if (name === undefined || !node.tree.root.children.includes(node)) return false;
  if (partsOf(body).length !== 1 || other === undefined || expression === undefined || rest.length > 0) return false;
  const text = textOf(expression).replaceAll(/\s+/gu, "");
  const fields = fieldsOf(name, node.tree);
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
  const fields = partsOf(fieldOf(type, "body")).filter(({ name }) => name !== "visibility_modifier");
  if (fields.some(({ name }) => name === "attribute_item")) return [];
  return fields.map((field, at) => (field.name === "field_declaration" ? nameOf(field) : String(at)));
}

function typesOf(name: string, tree: SyntaxTree): SyntaxNode[] {
  return tree.root.children.filter((item) => item.name === "struct_item" && nameOf(item) === name);
}

const nameOf = (node: SyntaxNode) => textOf(fieldOf(node, "name") ?? node);

/**
 * Equality or order of a type that only functions of its own file use within them, such as the entries of a heap, and that the file's tests don't mention. In another type, a signature
 * or a module below, values of it could reach a test, which may compare what holds them.
 */
function isPrivateOrder(node: SyntaxNode): boolean {
  const name = /^impl(?:<[^>]*>)?\s+(?:[\w:]+::)?(?:Partial)?(?:Eq|Ord)\s+for\s+(\w+)(?:<[^>]*>)?\s*$/u.exec(
    headerOf(node),
  )?.[1];
  const [type] = name === undefined ? [] : typesOf(name, node.tree);
  if (name === undefined || type === undefined || childOf(type, "visibility_modifier") !== undefined) return false;
  return node.tree.root.children.every((one) => one === type || keepsInside(one, name));
}

/** Whether an item of the file mentions the type at most within the bodies of functions, or gives it methods. */
function keepsInside(node: SyntaxNode, name: string): boolean {
  if (isComment(node)) return true;
  if (isTestModule(node)) return !mentions(node, name, node.tree);
  if (node.name === "mod_item") return false;
  const body = fieldOf(node, "body");
  const isOwn = node.name === "impl_item" && new RegExp(`\\b${name}(?:<[^>]*>)?\\s*$`, "u").test(headerOf(node));
  if (isOwn) return true;
  if (node.name === "impl_item") return (body?.children ?? []).every((child) => keepsInside(child, name));
  if (node.name !== "function_item") return !mentions(node, name, node.tree);
  return (
    body !== undefined &&
    !new RegExp(`\\b${name}\\b|\\bimpl\\b|\\bdyn\\b`, "u").test(node.tree.text.slice(node.from, body.from))
  );
}

const mentions = ({ from, to }: SyntaxNode, name: string, tree: SyntaxTree) =>
  new RegExp(`\\b${name}\\b`, "u").test(tree.text.slice(from, to));
