/** Whether a name such as `globals` is only the name of an imported module, and no use of Python's own function. Pure. */
import { sourceText } from "../../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../../tree/syntax-node.ts";

/** `from .globals import vars`, unless it is renamed. `around`: the nodes that contain it, the nearest last. */
export function isPlainImportedName(node: SyntaxNode, around: readonly SyntaxNode[], tree: SyntaxTree): boolean {
  const [outer, parent] = around.slice(-2);
  const isFunction = /^(?:globals|locals|vars|compile|eval|exec|breakpoint)$/u.test(sourceText(tree, node));
  const isImported = parent?.name === "dotted_name" && /^(?:import|relative_import|future)/u.test(outer?.name ?? "");
  return isFunction && (isImported || node.field === "alias");
}
