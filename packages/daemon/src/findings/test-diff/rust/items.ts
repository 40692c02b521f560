/** The items of a Rust file or module, each with its attributes, and whether a new one leaves what is there as it was. Pure. */

import { attributesOf, isForTestsOnly } from "@aedev/languages/rust/rust-tests";
import { childOf, printSyntax, sourceText } from "@aedev/languages/tree/print-syntax";
import type { SyntaxNode, SyntaxTree } from "@aedev/languages/tree/syntax-node";
import { reachesFar } from "./added-statements.ts";
import { codeOf, identifiersIn } from "./code-text.ts";
import { definesOnlyNew } from "./grown-macro.ts";
import { importsOf, type RustImport } from "./imports.ts";

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
    const node = child.name === "AttributeItem" ? child.children.findLast(({ name }) => isItem(name)) : child;
    if (node === undefined || (node.name === "InnerAttribute" && isIdle(tree, node))) return [];
    const counting = attributesOf(child).filter((attribute) => !isIdle(tree, attribute));
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
    name: named === undefined ? null : sourceText(tree, named).replace(/^r#/u, ""),
    printed: [...attributes, node].map((one) => printSyntax(tree, one)).join(" "),
  };
}

const firstOf = (node: SyntaxNode, kind: string | RegExp) =>
  node.children.find(({ name }) => (typeof kind === "string" ? name === kind : kind.test(name)));

/** Lints, documentation, hints and whom a failure names say nothing about what runs. */
function isIdle(tree: SyntaxTree, attribute: SyntaxNode): boolean {
  return /^\[\s*(?:(?:allow|warn|deny|forbid|expect)\s*\([\w:,\s]*(?:=\s*"[^"]*"\s*)?\)|rustfmt::skip|inline|must_use|track_caller|doc\s*=\s*"[^"]*"|doc\(hidden\))\s*\]$/u.test(
    sourceText(tree, attribute).replace(/^#!?/u, ""),
  );
}

/** Attributes that reach beyond their item: macros for the files below, what the linker or the program's start looks for, code elsewhere. */
const farAttribute =
  /\b(?:macro_use|macro_export|no_mangle|link_section|link_name|link|export_name|path|ctor|dtor|global_allocator|panic_handler|alloc_error_handler|used|proc_macro\w*|start|main|no_main|test_runner|reexport_test_harness_main|distributed_slice|no_std|no_core)\b|\bfeature\s*\(/u;

/** Whether no attribute of an item, or in it, reaches beyond it. */
function hasOwnAttributes({ tree, node, attributes }: Item): boolean {
  const inside: SyntaxNode[] = [];
  const visit = (one: SyntaxNode): void => {
    if (/^(?:Attribute|InnerAttribute)$/u.test(one.name)) inside.push(one);
    else for (const child of one.children) visit(child);
  };
  visit(node);
  return [...attributes, ...inside].every(
    (one) => isIdle(tree, one) || (one.name === "Attribute" && !farAttribute.test(sourceText(tree, one))),
  );
}

/** Whether code is chosen by whether tests are compiled; that of a module of tests only is their own. */
function dependsOnTests({ tree, node, attributes }: Item): boolean {
  const choices = attributes.filter((one) => /^#?\[\s*cfg(?:_attr)?\s*\(.*\btest\b/su.test(sourceText(tree, one)));
  const isModule = node.name === "ModItem" && childOf(node, "DeclarationList") !== undefined;
  return choices.some((one) => !(isModule && isForTestsOnly(tree, one)));
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
  const isNew = (one: string) => /^\w+$/u.test(one) && !known.has(one) && !standard.has(one);
  if (!givesOnlyOwn(tree, node, types) || !hasPlainMacrosInside(tree, node)) return false;
  if (node.name === "UseDeclaration") return importsOf(tree, node).every((one) => isHarmlessImport(one, known));
  if (node.name === "ImplItem") return true;
  if (node.name === "MacroDefinition")
    return name !== null && isNew(name) && !/^(?:debug_)?assert/u.test(name) && makesOnlyCode(tree, node);
  if (node.name === "MacroInvocation")
    return macros.has(macroOf(tree, node)) && !includes(tree, node) && definesOnlyNew(item, known);
  return defining.test(node.name) && name !== null && isNew(name) && !/^(?:main|drop)$/u.test(name);
}

/** A macro's rules give no methods to anything and bind no names for others. */
const makesOnlyCode = (tree: SyntaxTree, definition: SyntaxNode) =>
  !/\b(?:impl|macro_rules|extern|mod|use)\b/u.test(codeOf(tree, definition).replace(/^\s*macro_rules/u, ""));

/** `include!(…)`: items of another file. */
const includes = (tree: SyntaxTree, invocation: SyntaxNode) => /(?:^|::)include$/u.test(macroOf(tree, invocation));

/** Whether macros that are defined or used within an item make nothing that counts outside of it. In a new module, what another macro makes of items is not known. */
function hasPlainMacrosInside(tree: SyntaxTree, node: SyntaxNode): boolean {
  return node.children.every((child) => {
    if (child.name === "MacroDefinition") return makesOnlyCode(tree, child);
    if (child.name === "MacroInvocation" && (includes(tree, child) || node.name === "DeclarationList")) return false;
    if (child.name === "MacroInvocation" && reachesFar(child, tree)) return false;
    return hasPlainMacrosInside(tree, child);
  });
}

/** An import under a name that nothing else in the file says, of no methods alone, and of nothing that acts on the process. */
export function isHarmlessImport({ path, name }: RustImport, known: ReadonlySet<string>): boolean {
  return (
    /^\w+$/u.test(name) &&
    name !== "_" &&
    !known.has(name) &&
    (isOfLibrary.test(path) || !standard.has(name)) &&
    !/(?:^|::|\s)(?:process|panic|alloc)(?:::|$)|::(?:_?exit|abort|set_var|set_hook|forget|include)$/u.test(path)
  );
}

const isOfLibrary = /^(?:pub[^ ]*)? ?(?:::)?(?:std|core|alloc)::/u;

/** What every file knows without an import. */
const standard: ReadonlySet<string> = new Set(
  (
    "Some None Ok Err Option Result Vec Box String Iterator IntoIterator Extend From Into TryFrom TryInto AsRef AsMut Default Clone Copy Drop Fn FnMut FnOnce Send Sync Sized Unpin " +
    "ToOwned ToString PartialEq Eq PartialOrd Ord Debug Hash FromIterator DoubleEndedIterator ExactSizeIterator drop std core alloc bool char str u8 u16 u32 u64 u128 usize i8 i16 i32 i64 " +
    "i128 isize f32 f64 assert assert_eq assert_ne debug_assert debug_assert_eq debug_assert_ne matches vec format panic println print eprintln eprint write writeln todo unimplemented unreachable dbg " +
    "concat stringify include include_str include_bytes env option_env cfg line file column module_path compile_error thread_local"
  ).split(" "),
);

/** `quickcheck` of `quickcheck! { … }`, with its path. */
export function macroOf(tree: SyntaxTree, node: SyntaxNode): string {
  const path = node.name === "MacroInvocation" ? node.children[0] : undefined;
  return path === undefined ? "" : sourceText(tree, path).replaceAll(/\s/gu, "");
}

/** Types that an item defines in its own scope. With a condition, it may define none. */
export function typesIn(
  tree: SyntaxTree,
  node: SyntaxNode,
  attributes: readonly SyntaxNode[] = attributesOf(node),
): string[] {
  if (attributes.some((one) => /\bcfg/u.test(sourceText(tree, one)))) return [];
  const item = node.name === "AttributeItem" ? node.children.at(-1) : node;
  const isType = /^(?:Struct|Enum|Union)Item$/u.test(item?.name ?? "");
  const name = isType ? childOf(item, "TypeIdentifier") : undefined;
  return name === undefined ? [] : [sourceText(tree, name)];
}

/** Whether all implementations in a node are for types that are new in their scope, or in one around it. */
function givesOnlyOwn(tree: SyntaxTree, node: SyntaxNode, types: ReadonlySet<string>): boolean {
  if (node.name === "ImplItem" && !types.has(implementedType(tree, node))) return false;
  const scope = (node.name === "ModItem" ? childOf(node, "DeclarationList") : undefined) ?? node;
  const around = keepsNames(tree, scope, node.name === "ModItem") ? types : [];
  const own = new Set([...around, ...scope.children.flatMap((child) => typesIn(tree, child))]);
  return scope.children.every((child) => givesOnlyOwn(tree, child, own));
}

/** Whether the names of types around a scope mean the same in it: nothing is imported or named there, but in a module what it imports from around it. */
function keepsNames(tree: SyntaxTree, scope: SyntaxNode, isModule: boolean): boolean {
  const naming = scope.children
    .map((child) => (child.name === "AttributeItem" ? (child.children.at(-1) ?? child) : child))
    .filter(({ name }) => /^(?:UseDeclaration|TypeItem|ExternCrateDeclaration)$/u.test(name));
  const isFromAround = (one: SyntaxNode) =>
    /^use\s+super::(?:\*|\w+|\{(?!.*\bas\b)[\w\s,]*\})\s*;$/su.test(sourceText(tree, one));
  return isModule ? naming.length > 0 && naming.every(isFromAround) : naming.length === 0;
}

/** `?` for anything but a plain name with arguments. */
function implementedType(tree: SyntaxTree, node: SyntaxNode): string {
  const target = node.children.slice(node.children.findIndex(({ name }) => name === "for") + 1);
  const type = target.find(({ name }) => /Type|Identifier/u.test(name) && name !== "TypeParamList");
  const plain = type?.name === "GenericType" ? type.children[0] : type;
  const name = plain?.name === "TypeIdentifier" ? sourceText(tree, plain) : "?";
  // A parameter stands for every type.
  const parameters = childOf(node, "TypeParamList");
  return parameters !== undefined && identifiersIn(sourceText(tree, parameters)).includes(name) ? "?" : name;
}
