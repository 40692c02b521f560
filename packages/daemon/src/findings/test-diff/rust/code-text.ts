/** The text of Rust code without its comments and texts, and the names in it. Pure. */
import type { SyntaxNode, SyntaxTree } from "@aedev/host/syntax/syntax-tree";

/** Comments and texts become a space. */
export function codeOf(tree: SyntaxTree, node: SyntaxNode): string {
  if (/Comment$|^(?:String|RawString)$/u.test(node.name)) return " ";
  const parts: string[] = [];
  let at = node.from;
  for (const child of node.children) {
    parts.push(tree.text.slice(at, child.from), codeOf(tree, child));
    at = child.to;
  }
  return [...parts, tree.text.slice(at, node.to)].join("");
}

export const identifiersIn = (code: string): string[] => code.match(/\w+/gu) ?? [];

/**
 * The names that an item of the file could be meant by: no methods and fields, and of a path the first one, or those of this file's modules, but all of an
 * import. A text can name a constant: `"{LIMIT}"`.
 */
export function itemNamesIn(tree: SyntaxTree): Set<string> {
  const names = new Set<string>();
  let before = "";
  for (const [, sign = "", name = ""] of codeOf(tree, tree.root).matchAll(/(\.{1,3}=?|::)?\s*(\w+)/gu)) {
    const isElsewhere = sign === "." || (sign === "::" && !/^(?:super|self|crate)$/u.test(before));
    if (!isElsewhere) names.add(name);
    before = name;
  }
  for (const [, name = ""] of tree.text.matchAll(/\{(\w+)[:}]/gu)) names.add(name);
  const visit = (node: SyntaxNode): void => {
    if (node.name === "UseDeclaration") for (const name of identifiersIn(codeOf(tree, node))) names.add(name);
    else for (const child of node.children) visit(child);
  };
  visit(tree.root);
  return names;
}
