/**
 * Tells whether a change of Rust tests does more than add. It only adds if every item of the base is still there in order, unchanged or checking more, and no
 * new item affects another. It compares syntax trees; assertions are counted elsewhere. Pure.
 */

import { childOf, fieldOf } from "../tree/print-syntax.ts";
import type { SyntaxNode } from "../tree/syntax-node.ts";
import { readSyntax } from "../tree/syntax-tree.ts";
import { itemNamesIn } from "./code-text.ts";

import { isGrownCode, isGrownMacro, isGrownTest, isTest } from "./grown-test.ts";
import { panickingTests } from "./rust-tests.ts";

import { type Item, importsOf, isHarmlessImport, isHarmlessItem, itemsOf, macroOf, typesIn } from "./test-items.ts";
import { groupElements } from "./test-tables.ts";

interface RustChanges {
  /** Tests that changed, with their modules in the file: `tests::adds`. */
  readonly tests: readonly string[];
  /** Whether anything else changed; also true for an unreadable text. */
  readonly others: boolean;
  /** New items other than tests. */
  readonly names: string[];
}

/** Compares both versions of a file's tests. */
export function rustChanges(before: string, after: string): RustChanges {
  const [old, young] = [readSyntax(before, "a.rs"), readSyntax(after, "a.rs")];
  if (old.errors.length + young.errors.length > 0) return { tests: [], others: true, names: [] };
  for (const { root } of [old, young]) groupElements(root);
  const tests: string[] = [];
  const names: string[] = [];
  const context = { panicking: panickingTests(old), known: itemNamesIn(old), tests, names, modules: [] };
  const others = !onlyAdds({ node: old.root }, { node: young.root }, context);
  return { tests, others, names };
}

interface Scope {
  /** The root of the file, or the block of a module. */
  readonly node: SyntaxNode;
}

interface Context {
  /** Names in the base's file. */
  readonly known: ReadonlySet<string>;
  /** The text of the base's tests that must panic. */
  readonly panicking: string;
  /** Collects the changed tests. */
  readonly tests: string[];
  /** Collects the names of new items other than tests. */
  readonly names: string[];
  /** The modules around the compared scope. */
  readonly modules: readonly string[];
}

/** Whether a change of a scope only adds, apart from changed tests. */
function onlyAdds(old: Scope, young: Scope, context: Context): boolean {
  const { known, tests, modules } = context;
  const [imports, kept] = split(itemsOf(old.node));
  const [newImports, items] = split(itemsOf(young.node));
  const added: Item[] = [];
  let at = 0;
  for (const item of items) {
    const expected = kept[at];
    if (expected !== undefined && isKept(expected, item, context)) at += 1;
    else if (expected !== undefined && isTest(expected) && isTest(item) && expected.name === item.name) {
      tests.push([...modules, item.name].join("::"));
      at += 1;
    } else {
      added.push(item);
      if (!isTest(item) && item.name !== null && item.node.name !== "mod_item") context.names.push(item.name);
    }
  }
  const types = new Set(added.flatMap(({ node, attributes }) => typesIn(node, attributes)));
  const macros = new Set(kept.map(({ node }) => macroOf(node)));
  const isOk = (item: Item) => isHarmlessItem(item, { known, types, macros });
  return at === kept.length && added.every(isOk) && onlyAddsImports(imports, newImports, known);
}

/** Separates plain imports, whose order does not matter, from the other items. */
function split(items: readonly Item[]): [imports: Item[], others: Item[]] {
  const isPlain = ({ node, attributes }: Item) => node.name === "use_declaration" && attributes.length === 0;
  return [items.filter(isPlain), items.filter((item) => !isPlain(item))];
}

function onlyAddsImports(old: readonly Item[], young: readonly Item[], known: ReadonlySet<string>): boolean {
  const all = (items: readonly Item[]) => items.flatMap(({ node }) => importsOf(node));
  const keyOf = ({ path, name }: { path: string; name: string }) => `${path} as ${name}`;
  const gone = new Set(all(old).map(keyOf));
  const fresh = all(young).filter((one) => !gone.delete(keyOf(one)));
  return gone.size === 0 && fresh.every((one) => isHarmlessImport(one, known));
}

function isKept(old: Item, young: Item, context: Context): boolean {
  const { known, modules } = context;
  if (old.printed === young.printed) return true;
  if (old.node.name !== young.node.name || old.name !== young.name) return false;
  const attributesOf = ({ tree, attributes }: Item) =>
    attributes.map((one) => tree.text.slice(one.from, one.to)).join("\n");
  if (attributesOf(old) !== attributesOf(young)) return false;
  switch (old.node.name) {
    case "mod_item": {
      const [block, other] = [old, young].map(({ node }) => fieldOf(node, "body"));
      if (block === undefined || other === undefined) return false;
      const inside = { ...context, modules: [...modules, old.name ?? ""] };
      return onlyAdds({ node: block }, { node: other }, inside);
    }
    case "function_item":
      return isGrownTest(old, young, known);
    case "const_item":
    case "static_item":
      // Other files may use a public list otherwise, and in a test that must panic a new row may cause the panic.
      return (
        childOf(old.node, "visibility_modifier") === undefined &&
        !mentions(context.panicking, old.name ?? "") &&
        isGrownCode(old, young, known)
      );
    case "macro_invocation":
      return macroOf(old.node) === macroOf(young.node) && isGrownMacro(old, young, known);
    default:
      return false;
  }
}

const mentions = (text: string, name: string) => new RegExp(`\\b${name}\\b`, "u").test(text);
