/**
 * Tells what a change of a Rust file of tests, or of the tests in a file of code, does besides adding: a change only adds if every item of the base is still there in its
 * order, as it was or checking more, and what is new does nothing to the others. By syntax tree, without assertions, which are counted by themselves. Pure.
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
  /** Tests that are there in another form, with the modules in the file that they are in: `tests::adds`. */
  readonly tests: readonly string[];
  /** Whether anything else changes; also true for a text that can't be read. */
  readonly others: boolean;
  /** New items other than tests. */
  readonly names: string[];
}

/** What a new version does besides adding. */
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
  /** The file, or the block of a module. */
  readonly node: SyntaxNode;
}

interface Context {
  /** Names in the base's file. */
  readonly known: ReadonlySet<string>;
  /** The text of tests of the base that must panic. */
  readonly panicking: string;
  /** Gets the changed tests. */
  readonly tests: string[];
  /** Gets the names of new items other than tests. */
  readonly names: string[];
  /** In which modules of the file. */
  readonly modules: readonly string[];
}

/** Whether a scope only adds, but for changed tests. */
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

/** Plain imports, whose order says nothing, and the other items. */
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
      // Others may read it in another way, and where a panic is expected any row may bring it about.
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
