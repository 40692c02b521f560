/** Reads the items of a Rust file or module with their attributes, and tells whether a new item affects the old ones. Pure. */

import { childOf, fieldOf, partsOf, printSyntax, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";
import { reachesFar } from "./added-statements.ts";
import { codeOf, identifiersIn } from "./code-text.ts";
import { definesOnlyNew } from "./grown-test.ts";
import { attributesOf, attributeText, expressionIn, isForTestsOnly } from "./rust-tests.ts";

/** A function, type, module or other item. */
export interface Item {
  readonly tree: SyntaxTree;
  /** The item without its attributes. */
  readonly node: SyntaxNode;
  /** Attributes that decide what the item does or when it counts, so no lints and documentation. */
  readonly attributes: readonly SyntaxNode[];
  readonly name: string | null;
  /** Two items that print the same do the same. */
  readonly printed: string;
}

/** The items in a file, a module's block or a function's block, in order. An attribute of the whole file or module is an item too. */
export function itemsOf(parent: SyntaxNode): Item[] {
  const items = partsOf(parent).filter(
    (one) => one.name !== "empty_statement" && !(one.name === "inner_attribute_item" && isIdle(one)),
  );
  return items.map((item) => {
    const whole = expressionIn(item);
    const children = whole.children.filter(({ name }) => name !== "attribute_item");
    const attributes = attributesOf(item);
    const idle = new Set(attributes.filter((one) => isIdle(one)));
    const named = fieldOf(item, "name");
    return {
      tree: parent.tree,
      node: { ...whole, from: children[0]?.from ?? whole.from, children },
      attributes: attributes.filter((one) => !idle.has(one)),
      name: named === undefined ? null : textOf(named).replace(/^r#/u, ""),
      printed: printSyntax(item, idle),
    };
  });
}

/** Whether an attribute does not change what runs: lints, documentation, hints, `track_caller`. */
function isIdle(attribute: SyntaxNode): boolean {
  return /^(?:(?:allow|warn|deny|forbid|expect)\s*\([\w:,\s]*(?:=\s*"[^"]*"\s*)?\)|rustfmt::skip|inline|must_use|track_caller|doc\s*=\s*"[^"]*"|doc\(hidden\))$/u.test(
    attributeText(attribute),
  );
}

/** Attributes that reach beyond their item: they export macros, act on the linker or the program's start, or load other code. */
const farAttribute =
  /\b(?:macro_use|macro_export|no_mangle|link_section|link_name|link|export_name|path|ctor|dtor|global_allocator|panic_handler|alloc_error_handler|used|proc_macro\w*|start|main|no_main|test_runner|reexport_test_harness_main|distributed_slice|no_std|no_core)\b|\bfeature\s*\(/u;

/** Whether no attribute on or inside an item reaches beyond it. */
function hasOwnAttributes({ node, attributes }: Item): boolean {
  const inside: SyntaxNode[] = [];
  const visit = (one: SyntaxNode): void => {
    if (/^(?:inner_)?attribute_item$/u.test(one.name)) inside.push(one);
    else for (const child of one.children) visit(child);
  };
  visit(node);
  return [...attributes, ...inside].every(
    (one) => isIdle(one) || (one.name === "attribute_item" && !farAttribute.test(textOf(one))),
  );
}

/** Whether an attribute selects code by whether tests are compiled; on a module for tests only, this is normal. */
function dependsOnTests({ node, attributes }: Item): boolean {
  const choices = attributes.filter((one) => /^cfg(?:_attr)?\s*\(.*\btest\b/su.test(attributeText(one)));
  const isModule = node.name === "mod_item" && fieldOf(node, "body") !== undefined;
  return choices.some((one) => !(isModule && isForTestsOnly(one)));
}

const defining = /^(?:function|struct|enum|union|type|trait|const|static|mod)_item$/u;

/**
 * Whether a new item does not affect the others: its name is new, its attributes concern only itself, and it adds methods only to new types. `known`: names in
 * the base's file. `types`: names of the new types. `macros`: macros that the base's file calls in place of items.
 */
export function isHarmlessItem(
  item: Item,
  { known, types, macros }: { known: ReadonlySet<string>; types: ReadonlySet<string>; macros: ReadonlySet<string> },
): boolean {
  const { node, name } = item;
  if (!hasOwnAttributes(item) || dependsOnTests(item)) return false;
  const isNew = (one: string) => /^\w+$/u.test(one) && !known.has(one) && !standard.has(one);
  if (!givesOnlyOwn(node, types) || !hasPlainMacrosInside(node)) return false;
  if (node.name === "use_declaration") return importsOf(node).every((one) => isHarmlessImport(one, known));
  if (node.name === "impl_item") return true;
  if (node.name === "macro_definition")
    return name !== null && isNew(name) && !/^(?:debug_)?assert/u.test(name) && makesOnlyCode(node);
  if (node.name === "macro_invocation")
    return macros.has(macroOf(node)) && !includes(node) && definesOnlyNew(item, known);
  return defining.test(node.name) && name !== null && isNew(name) && !/^(?:main|drop)$/u.test(name);
}

/** Whether a macro's rules define no methods, modules, imports or macros. */
const makesOnlyCode = (definition: SyntaxNode) =>
  !/\b(?:impl|macro_rules|extern|mod|use)\b/u.test(codeOf(definition).replace(/^\s*macro_rules/u, ""));

/** Whether a macro is `include!`, which brings items of another file. */
const includes = (invocation: SyntaxNode) => /(?:^|::)include$/u.test(macroOf(invocation));

/** Whether macros defined or used inside an item affect nothing outside it. In a new module, a macro in place of items may make anything. */
function hasPlainMacrosInside(node: SyntaxNode): boolean {
  return node.children.every((child) => {
    if (child.name === "macro_definition") return makesOnlyCode(child);
    if (child.name === "macro_invocation" && (includes(child) || node.name === "declaration_list")) return false;
    if (child.name === "macro_invocation" && reachesFar(child)) return false;
    return hasPlainMacrosInside(child);
  });
}

/** Whether an import has a name that is new in the file, and brings in neither methods only nor something that acts on the process. */
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

/** Names that every file knows without an import. */
const standard: ReadonlySet<string> = new Set(
  (
    "Some None Ok Err Option Result Vec Box String Iterator IntoIterator Extend From Into TryFrom TryInto AsRef AsMut Default Clone Copy Drop Fn FnMut FnOnce Send Sync Sized Unpin " +
    "ToOwned ToString PartialEq Eq PartialOrd Ord Debug Hash FromIterator DoubleEndedIterator ExactSizeIterator drop std core alloc bool char str u8 u16 u32 u64 u128 usize i8 i16 i32 i64 " +
    "i128 isize f32 f64 assert assert_eq assert_ne debug_assert debug_assert_eq debug_assert_ne matches vec format panic println print eprintln eprint write writeln todo unimplemented unreachable dbg " +
    "concat stringify include include_str include_bytes env option_env cfg line file column module_path compile_error thread_local"
  ).split(" "),
);

/** The path of a called macro: `quickcheck` in `quickcheck! { … }`. */
export function macroOf(node: SyntaxNode): string {
  const path = fieldOf(node, "macro");
  return textOf(path).replaceAll(/\s/gu, "");
}

/** The types that an item defines; none under a `cfg`, which may leave the item out. */
export function typesIn(node: SyntaxNode, attributes: readonly SyntaxNode[] = attributesOf(node)): string[] {
  if (attributes.some((one) => /\bcfg/u.test(textOf(one)))) return [];
  const name = /^(?:struct|enum|union)_item$/u.test(node.name) ? fieldOf(node, "name") : undefined;
  return name === undefined ? [] : [textOf(name)];
}

/** Whether all implementations in a node are for types that are new in their scope or a scope around it. */
function givesOnlyOwn(node: SyntaxNode, types: ReadonlySet<string>): boolean {
  if (node.name === "impl_item" && !types.has(implementedType(node))) return false;
  const isModule = node.name === "mod_item";
  const scope = (isModule ? fieldOf(node, "body") : undefined) ?? node;
  const around = keepsNames(scope, isModule) ? types : [];
  const own = new Set([...around, ...scope.children.flatMap((child) => typesIn(child))]);
  return scope.children.every((child) => givesOnlyOwn(child, own));
}

/** Whether the names of outer types mean the same inside a scope: it imports and names nothing, except that a module imports from `super`. */
function keepsNames(scope: SyntaxNode, isModule: boolean): boolean {
  const naming = scope.children.filter(({ name }) =>
    /^(?:use_declaration|type_item|extern_crate_declaration)$/u.test(name),
  );
  const isFromAround = (one: SyntaxNode) =>
    /^super::(?:\*|\w+|\{(?!.*\bas\b)[\w\s,]*\})$/su.test(textOf(fieldOf(one, "argument") ?? one));
  return isModule ? naming.length > 0 && naming.every(isFromAround) : naming.length === 0;
}

/** The name of the type that an implementation is for; `?` unless it is a plain name, with or without arguments. */
function implementedType(node: SyntaxNode): string {
  const type = fieldOf(node, "type");
  const plain = type?.name === "generic_type" ? fieldOf(type, "type") : type;
  const name = plain?.name === "type_identifier" ? textOf(plain) : "?";
  // A type parameter stands for every type.
  const parameters = fieldOf(node, "type_parameters");
  return parameters !== undefined && identifiersIn(textOf(parameters)).includes(name) ? "?" : name;
}

interface RustImport {
  /** The path, with the visibility before it. */
  readonly path: string;
  /** The name that it binds; `*` for everything in a module, `_` for only the methods of a trait. */
  readonly name: string;
}

/** The single imports in a declaration such as `pub use a::{self, b as c, d::*};`. */
export function importsOf(declaration: SyntaxNode): RustImport[] {
  const textOf = (node: SyntaxNode | undefined) =>
    node === undefined ? "" : codeOf(node).replaceAll(/\s+|\br#(?=\w)/gu, "");
  const leaves = (node: SyntaxNode, before: string): RustImport[] => {
    if (node.name === "use_list") return partsOf(node).flatMap((part) => leaves(part, before));
    const list = fieldOf(node, "list");
    if (list !== undefined) return leaves(list, `${before}${textOf(fieldOf(node, "path"))}::`);
    const alias = fieldOf(node, "alias");
    const path = `${before}${textOf(alias === undefined ? node : fieldOf(node, "path"))}`.replace(/::self$/u, "");
    return [{ path, name: textOf(alias) || (path.split("::").at(-1) ?? "") }];
  };
  const visibility = textOf(childOf(declaration, "visibility_modifier"));
  const argument = fieldOf(declaration, "argument");
  return (argument === undefined ? [] : leaves(argument, "")).map(({ path, name }) => ({
    path: `${visibility} ${path}`,
    name,
  }));
}
