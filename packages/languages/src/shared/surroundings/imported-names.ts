/** Tells names of Python's own functions that an import only mentions, such as a module `globals`, from uses of those functions. Pure. */
import { sourceText } from "../../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../../tree/syntax-node.ts";

/** `from .globals import vars`, unless it is renamed. `around`: the nodes that contain it, the nearest last. */
export function isPlainImportedName(node: SyntaxNode, around: readonly SyntaxNode[], tree: SyntaxTree): boolean {
  const [outer, parent] = around.slice(-2);
  const isFunction = /^(?:globals|locals|vars|compile|eval|exec|breakpoint)$/u.test(sourceText(tree, node));
  const isImported = parent?.name === "dotted_name" && /^(?:import|relative_import|future)/u.test(outer?.name ?? "");
  return isFunction && (isImported || node.field === "alias");
}
