/** Whether a name such as `globals` is only the name of an imported module, and no use of Python's own function. Pure. */
import { textOf } from "../../tree/print-syntax.ts";
import type { SyntaxNode } from "../../tree/syntax-node.ts";

/** `from .globals import vars`, unless it is renamed. `around`: the nodes that contain it, the nearest last. */
export function isPlainImportedName(node: SyntaxNode, around: readonly SyntaxNode[]): boolean {
  const [outer, parent] = around.slice(-2);
  const isFunction = /^(?:globals|locals|vars|compile|eval|exec|breakpoint)$/u.test(textOf(node));
  const isImported = parent?.name === "dotted_name" && /^(?:import|relative_import|future)/u.test(outer?.name ?? "");
  return isFunction && (isImported || node.field === "alias");
}
