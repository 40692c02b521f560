/** Lists what Rust code depends on besides its inputs, and statics that can change: by text without comments, string literals and modules of tests. Pure. */
import { childOf, partsOf, sourceText } from "@aedev/host/syntax/print-syntax";
import type { SyntaxNode, SyntaxTree } from "@aedev/host/syntax/syntax-tree";
import type { Use } from "./kept-state/use.ts";
import { isSymmetric } from "./plain-definitions.ts";
import { rustPatterns } from "./surrounding-rules.ts";

export function rustUses(tree: SyntaxTree): Use[] {
  const letters = [...tree.text];
  // Offsets are of UTF-16 units, as in the tree.
  const units = letters.flatMap((letter) => letter.split(""));
  const blank = (node: SyntaxNode): void => {
    const isComparison = node.name === "ImplItem" && isPlainEquality(node, tree);
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

/** Equality with the own type only, by comparing parts of both sides in the same way. */
function isPlainEquality(node: SyntaxNode, tree: SyntaxTree): boolean {
  const [header = "", body] = [
    tree.text.slice(node.from, childOf(node, "DeclarationList")?.from),
    childOf(node, "DeclarationList"),
  ];
  if (!/^impl\s+PartialEq\s+for\s+\w+\s*$/u.test(header)) return false;
  const method = childOf(body, "FunctionItem");
  const other = /^fn\s+eq\s*\(\s*&self\s*,\s*(\w+)\s*:/u.exec(
    method === undefined ? "" : sourceText(tree, method),
  )?.[1];
  const [expression, ...rest] = partsOf(childOf(method, "Block"));
  if (partsOf(body).length !== 1 || other === undefined || expression === undefined || rest.length > 0) return false;
  const text = sourceText(tree, expression);
  return (
    isSymmetric(text, "self", other) &&
    /==/u.test(text) &&
    !/[<>{}!|;]|\b(?:true|false|if|match|abs|round|floor|ceil|trunc)\b/u.test(text)
  );
}
