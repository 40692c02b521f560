/** The items of a Rust file or module, each with its attributes, and whether a new one leaves what is there as it was. Pure. */
import { childOf, printSyntax, sourceText } from "@aedev/host/syntax/print-syntax";
import type { SyntaxNode, SyntaxTree } from "@aedev/host/syntax/syntax-tree";
import { definesOnlyNew } from "./grown-macro.ts";
import { importsOf } from "./imports.ts";

/** A function, type, module or other item. */
export interface Item {
  readonly tree: SyntaxTree;
  readonly node: SyntaxNode;
  /** Those that say what it does or when it counts; lints and documentation don't. */
  readonly attributes: readonly SyntaxNode[];
  readonly name: string | null;
  /** Two items that print the same do the same. */
  readonly printed: string;
}

const comments = /Comment$/u;

/** The items of a file, of a module's block or of a function's block, in their order. Attributes of the whole file or module are items too. */
export function itemsOf(tree: SyntaxTree, parent: SyntaxNode): Item[] {
  return parent.children.flatMap((child) => {
    if (comments.test(child.name) || !/^[A-Z]/u.test(child.name)) return [];
    const attributes = child.name === "AttributeItem" ? child.children.filter(({ name }) => name === "Attribute") : [];
    const node = child.name === "AttributeItem" ? child.children.findLast(({ name }) => isItem(name)) : child;
    if (node === undefined || (node.name === "InnerAttribute" && isIdle(tree, node))) return [];
    const counting = attributes.filter((attribute) => !isIdle(tree, attribute));
    return [itemOf(tree, node, counting)];
  });
}

const isItem = (name: string) => name !== "Attribute" && !comments.test(name);

function itemOf(tree: SyntaxTree, node: SyntaxNode, attributes: readonly SyntaxNode[]): Item {
  const kind = node.name === "MacroDefinition" ? "Identifier" : /^(?:BoundIdentifier|TypeIdentifier)$/u;
  const named = node.name === "ImplItem" || node.name === "MacroInvocation" ? undefined : firstOf(node, kind);
  return {
    tree,
    node,
    attributes,
    name: named === undefined ? null : sourceText(tree, named),
    printed: [...attributes, node].map((one) => printSyntax(tree, one)).join(" "),
  };
}

const firstOf = (node: SyntaxNode, kind: string | RegExp) =>
  node.children.find(({ name }) => (typeof kind === "string" ? name === kind : kind.test(name)));

/** Lints, documentation, hints and whom a failure names say nothing about what runs. */
function isIdle(tree: SyntaxTree, attribute: SyntaxNode): boolean {
  return /^#?!?\[\s*(?:(?:allow|warn|deny|forbid|expect)\s*\([\w:,\s]*\)|rustfmt::skip|inline|must_use|track_caller|doc\s*=\s*"[^"]*")\s*\]$/u.test(
    sourceText(tree, attribute).replace(/^#!?/u, ""),
  );
}

/** Attributes of an item that concern nothing but this item. */
const ownAttribute =
  /^#\[\s*(?:cfg\s*\(|should_panic\b|ignore\b|derive\s*\(|(?:\w+\s*::\s*)*(?:test|test_case|rstest|case|values|bench|quickcheck|proptest)\s*[\]()])/u;

/** What an item does is known by its attributes, and those in it. */
export function hasOwnAttributes({ tree, node, attributes }: Item): boolean {
  const inside: SyntaxNode[] = [];
  const visit = (one: SyntaxNode): void => {
    if (/^(?:Attribute|InnerAttribute)$/u.test(one.name)) inside.push(one);
    else for (const child of one.children) visit(child);
  };
  visit(node);
  return [...attributes, ...inside].every(
    (one) => isIdle(tree, one) || ownAttribute.test(`#${sourceText(tree, one).replace(/^#/u, "")}`),
  );
}

/** Whether code is chosen by whether tests are compiled; that of a module of tests only is their own. */
export function dependsOnTests({ tree, node, attributes }: Item): boolean {
  const choices = attributes.filter((one) => /^#?\[\s*cfg(?:_attr)?\s*\(.*\btest\b/su.test(sourceText(tree, one)));
  const isModule = node.name === "ModItem" && childOf(node, "DeclarationList") !== undefined;
  return choices.some((one) => !(isModule && /^#?\[\s*cfg\s*\(\s*test\s*\)\s*\]$/u.test(sourceText(tree, one))));
}

const defining = /^(?:Function|Struct|Enum|Union|Type|Trait|Const|Static|Mod)Item$/u;

/**
 * Whether a new item leaves the others as they are: it has a name that nothing else says, its attributes concern itself, and it gives no method to a type
 * that is not new too. `known`: names in the base's file. `types`: names of the new types. `macros`: those that the base's file calls in place of items.
 */
export function isHarmlessItem(
  item: Item,
  { known, types, macros }: { known: ReadonlySet<string>; types: ReadonlySet<string>; macros: ReadonlySet<string> },
): boolean {
  const { tree, node, name } = item;
  if (!hasOwnAttributes(item) || dependsOnTests(item)) return false;
  const isNew = (one: string) => !known.has(one);
  const own = new Set([...types, ...typesIn(tree, node)]);
  if (!implementations(tree, node).every((one) => own.has(one))) return false;
  if (node.name === "UseDeclaration") return importsOf(tree, node).every((one) => one.name !== "*" && isNew(one.name));
  if (node.name === "ImplItem") return true;
  if (node.name === "MacroDefinition") return name !== null && isNew(name) && !/^(?:debug_)?assert/u.test(name);
  if (node.name === "MacroInvocation") return macros.has(macroOf(tree, node)) && definesOnlyNew(item, known);
  return defining.test(node.name) && name !== null && isNew(name) && !/^(?:main|drop)$/u.test(name);
}

/** `quickcheck` of `quickcheck! { … }`, with its path. */
export function macroOf(tree: SyntaxTree, node: SyntaxNode): string {
  return node.name === "MacroInvocation" ? (/^[\w:\s]+?(?=\s*!)/u.exec(sourceText(tree, node))?.[0] ?? "") : "";
}

/** Types that an item defines, within it too. */
export function typesIn(tree: SyntaxTree, node: SyntaxNode): string[] {
  const own = /^(?:Struct|Enum|Union)Item$/u.test(node.name) ? childOf(node, "TypeIdentifier") : undefined;
  return [
    ...(own === undefined ? [] : [sourceText(tree, own)]),
    ...node.children.flatMap((child) => typesIn(tree, child)),
  ];
}

/** The types to which implementations in a node give methods; `?` for anything but a plain name with arguments. */
function implementations(tree: SyntaxTree, node: SyntaxNode): string[] {
  const found = node.children.flatMap((child) => implementations(tree, child));
  if (node.name !== "ImplItem") return found;
  const target = node.children.slice(node.children.findIndex(({ name }) => name === "for") + 1);
  const type = target.find(({ name }) => /Type|Identifier/u.test(name) && name !== "TypeParamList");
  const plain = type?.name === "GenericType" ? type.children[0] : type;
  return [...found, plain?.name === "TypeIdentifier" ? sourceText(tree, plain) : "?"];
}
