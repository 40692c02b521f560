/** Lists what Rust code depends on besides its inputs, and statics that can change: by text without comments, string literals and modules of tests. Pure. */
import { childOf, partsOf, sourceText } from "@aedev/host/syntax/print-syntax";
import type { SyntaxNode, SyntaxTree } from "@aedev/host/syntax/syntax-tree";
import type { Use } from "./kept-state/use.ts";
import { rustPatterns } from "./surrounding-rules.ts";

export function rustUses(tree: SyntaxTree): Use[] {
  const letters = [...tree.text];
  // Offsets are of UTF-16 units, as in the tree.
  const units = letters.flatMap((letter) => letter.split(""));
  const blank = (node: SyntaxNode): void => {
    const isComparison = node.name === "ImplItem" && (isPlainEquality(node, tree) || isPrivateOrder(node, tree));
    const end = isComparison ? (childOf(node, "DeclarationList")?.from ?? node.from) : node.to;
    if (isComparison || isTestModule(node, tree) || /Comment$|^(?:String|RawString)$/u.test(node.name))
      for (let at = node.from; at < end; at += 1) if (units[at] !== "\n") units[at] = " ";
    for (const child of node.children) blank(child);
  };
  blank(tree.root);
  const text = units.join("");
  return [...text.matchAll(rustPatterns)].map((match) => ({ what: match[0].replace(/\s+/gu, " "), at: match.index }));
}

/** Its items are read as tests. */
function isTestModule({ name, children }: SyntaxNode, tree: SyntaxTree): boolean {
  if (name !== "AttributeItem" || children.at(-1)?.name !== "ModItem") return false;
  const attributes = children.filter((child) => child.name === "Attribute");
  return (
    attributes.length === 1 &&
    attributes.every((one) => /^#\[\s*cfg\s*\(\s*test\s*\)\s*\]$/u.test(sourceText(tree, one)))
  );
}

/** Equality with the own type only, by comparing all its fields in the same way on both sides: without methods, constants and anything that makes values coarser. */
function isPlainEquality(node: SyntaxNode, tree: SyntaxTree): boolean {
  const body = childOf(node, "DeclarationList");
  const name = /^impl\s+PartialEq\s+for\s+(\w+)\s*$/u.exec(tree.text.slice(node.from, body?.from))?.[1];
  const method = childOf(body, "FunctionItem");
  const other = /^fn\s+eq\s*\(\s*&self\s*,\s*(\w+)\s*:/u.exec(
    method === undefined ? "" : sourceText(tree, method),
  )?.[1];
  const [expression, ...rest] = partsOf(childOf(method, "Block"));
  if (partsOf(body).length !== 1 || other === undefined || expression === undefined || rest.length > 0) return false;
  const text = sourceText(tree, expression);
  const fields = name === undefined ? [] : fieldsOf(name, tree);
  const isWhole = fields.every((field) => [`self.${field}`, `${other}.${field}`].every((one) => text.includes(one)));
  return (
    fields.length > 0 &&
    isWhole &&
    isSymmetric(text, "self", other) &&
    text.split("&&").every((part) => part.split("==").length === 2) &&
    /^[\w\s.:()*+=&]*$/u.test(text) &&
    !/(?<![\w.])\d|\b(?:as|true|false)\b|\w(?<!\b(?:[iu](?:8|16|32|64|128|size)|f64)::from)\s*\(/u.test(text)
  );
}

/** Whether the text uses the same names, each as often, if `one` and `other` change places. */
function isSymmetric(text: string, one: string, other: string): boolean {
  const turned = text.replace(/\b\w+\b/gu, (name) => (name === one ? other : name === other ? one : name));
  const namesOf = (piece: string) => (piece.match(/\w+/gu) ?? []).toSorted().join(" ");
  return namesOf(text) === namesOf(turned);
}

/** The fields of a type of the file, by name or number. */
function fieldsOf(name: string, tree: SyntaxTree): string[] {
  const type = typeOf(name, tree);
  const ordered = partsOf(childOf(type, "OrderedFieldDeclarationList")).filter((part) => part.name !== "Vis");
  const named = partsOf(childOf(type, "FieldDeclarationList")).filter((part) => part.name === "FieldDeclaration");
  return [
    ...ordered.map((_, at) => String(at)),
    ...named.map((field) => sourceText(tree, childOf(field, "FieldIdentifier") ?? field)),
  ];
}

function typeOf(name: string, tree: SyntaxTree): SyntaxNode | undefined {
  const items = tree.root.children.map((node) => (node.name === "AttributeItem" ? node.children.at(-1) : node));
  return items.find(
    (item) => item?.name === "StructItem" && sourceText(tree, childOf(item, "TypeIdentifier") ?? item) === name,
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
  const type = name === undefined ? undefined : typeOf(name, tree);
  if (name === undefined || type === undefined || childOf(type, "Vis") !== undefined) return false;
  return tree.root.children.every((one) => one.children.includes(type) || one === type || keepsInside(one, name, tree));
}

/** Whether an item of the file mentions the type at most within the bodies of functions, or gives it methods. */
function keepsInside(node: SyntaxNode, name: string, tree: SyntaxTree): boolean {
  if (/Comment$/u.test(node.name)) return true;
  if (isTestModule(node, tree)) return !mentions(node, name, tree);
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
