/** Tells names of Python's own functions that an import only mentions, such as a module `globals`, from uses of those functions. Pure. */
import { sourceText } from "@aedev/languages/tree/print-syntax";
import type { SyntaxNode, SyntaxTree } from "@aedev/languages/tree/syntax-node";

/** `from .globals import vars`, unless it is renamed. */
export function isPlainImportedName(
  node: SyntaxNode,
  { parent, tree }: { parent: SyntaxNode | null; tree: SyntaxTree },
): boolean {
  const next = parent?.children[parent.children.indexOf(node) + 1];
  const isFunction = /^(?:globals|locals|vars|compile|eval|exec|breakpoint)$/u.test(sourceText(tree, node));
  return parent?.name === "ImportStatement" && isFunction && next?.name !== "as";
}
