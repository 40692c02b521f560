/**
 * Tells whether a change of a Rust file of tests, or of the tests in a file of code, does more than add: every item of the base is still there in its
 * order, as it was or checking more, and what is new does nothing to the others. By syntax tree, without the tests' names or assertions, which are read by line. Pure.
 */
import { childOf } from "@aedev/host/syntax/print-syntax";
import { readSyntax, type SyntaxNode, type SyntaxTree } from "@aedev/host/syntax/syntax-tree";
import { itemNamesIn } from "./code-text.ts";
import { isGrownMacro } from "./grown-macro.ts";
import { isGrownCode, isGrownTest } from "./grown-test.ts";
import { importsOf } from "./imports.ts";
import { type Item, isHarmlessItem, itemsOf, macroOf, typesIn } from "./items.ts";
import { groupElements } from "./tables.ts";

/** False if it only adds; true also for a text that can't be read. */
export function changesExistingRust(before: string, after: string): boolean {
  const [old, young] = [readSyntax(before, "a.rs"), readSyntax(after, "a.rs")];
  if (old.errors.length + young.errors.length > 0) return true;
  for (const tree of [old, young]) groupElements(tree);
  return !onlyAdds({ tree: old, node: old.root }, { tree: young, node: young.root }, itemNamesIn(old));
}

interface Scope {
  readonly tree: SyntaxTree;
  /** The file, or the block of a module. */
  readonly node: SyntaxNode;
}

function onlyAdds(old: Scope, young: Scope, known: ReadonlySet<string>): boolean {
  const [imports, kept] = split(itemsOf(old.tree, old.node));
  const [newImports, items] = split(itemsOf(young.tree, young.node));
  const added: Item[] = [];
  let at = 0;
  for (const item of items) {
    const expected = kept[at];
    if (expected !== undefined && isKept(expected, item, known)) at += 1;
    else added.push(item);
  }
  const types = new Set(added.flatMap(({ tree, node }) => typesIn(tree, node)));
  const macros = new Set(kept.map(({ tree, node }) => macroOf(tree, node)));
  const isOk = (item: Item) => isHarmlessItem(item, { known, types, macros });
  return at === kept.length && added.every(isOk) && onlyAddsImports(imports, newImports, known);
}

/** Plain imports, whose order says nothing, and the other items. */
function split(items: readonly Item[]): [imports: Item[], others: Item[]] {
  const isPlain = ({ node, attributes }: Item) => node.name === "UseDeclaration" && attributes.length === 0;
  return [items.filter(isPlain), items.filter((item) => !isPlain(item))];
}

function onlyAddsImports(old: readonly Item[], young: readonly Item[], known: ReadonlySet<string>): boolean {
  const all = (items: readonly Item[]) => items.flatMap(({ tree, node }) => importsOf(tree, node));
  const keyOf = ({ path, name }: { path: string; name: string }) => `${path} as ${name}`;
  const gone = new Set(all(old).map(keyOf));
  const fresh = all(young).filter((one) => !gone.delete(keyOf(one)));
  return gone.size === 0 && fresh.every(({ name }) => name !== "*" && !known.has(name));
}

function isKept(old: Item, young: Item, known: ReadonlySet<string>): boolean {
  if (old.printed === young.printed) return true;
  if (old.node.name !== young.node.name || old.name !== young.name) return false;
  const attributesOf = ({ tree, attributes }: Item) =>
    attributes.map((one) => tree.text.slice(one.from, one.to)).join("\n");
  if (attributesOf(old) !== attributesOf(young)) return false;
  switch (old.node.name) {
    case "ModItem": {
      const [block, other] = [childOf(old.node, "DeclarationList"), childOf(young.node, "DeclarationList")];
      if (block === undefined || other === undefined) return false;
      return onlyAdds({ tree: old.tree, node: block }, { tree: young.tree, node: other }, known);
    }
    case "FunctionItem":
      return isGrownTest(old, young, known);
    case "ConstItem":
    case "StaticItem":
      return isGrownCode(old, young);
    case "MacroInvocation":
      return macroOf(old.tree, old.node) === macroOf(young.tree, young.node) && isGrownMacro(old, young, known);
    default:
      return false;
  }
}
