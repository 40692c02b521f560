/** Names in Rust code whose value code elsewhere may see changed. Pure. */
import { sourceText } from "@aedev/host/syntax/print-syntax";
import type { SyntaxNode, SyntaxTree } from "@aedev/host/syntax/syntax-tree";
import { codeOf } from "./code-text.ts";

/** What lends something that can be changed. */
const lending = /&(?:'\w+)?\s*mut\b|\w_mut\b|\bas_mut\b|\.\s*(?:lock|write|borrow_mut)\s*\(/u;

/** Names that are bound with `mut`, or to a reference that can change its value. */
export function changeableNames(tree: SyntaxTree, root: SyntaxNode): Set<string> {
  const names = new Set<string>();
  const visit = (node: SyntaxNode, isLent: boolean): void => {
    const isBinding = /^(?:LetDeclaration|LetCondition|Parameter|ForExpression|MatchArm)$/u.test(node.name);
    const isHere = isLent || (isBinding && lending.test(headOf(tree, node)));
    for (const [index, child] of node.children.entries()) {
      const isMutable = isHere || node.children[index - 1]?.name === "mut";
      if (child.name === "BoundIdentifier" && isMutable) names.add(sourceText(tree, child));
      // The block of a loop binds names of its own.
      visit(child, isHere && child.name !== "Block");
    }
  };
  visit(root, false);
  return names;
}

/** Without its block. */
function headOf(tree: SyntaxTree, node: SyntaxNode): string {
  return node.children
    .filter(({ name }) => name !== "Block")
    .map((child) => codeOf(tree, child))
    .join(" ");
}

/** Whether one of these names is a type whose value changes behind a shared reference. */
export const hasSharedState = (names: Iterable<string>) =>
  [...names].some((name) => /^(?:\w*Cell|Mutex|RwLock|Atomic\w+|Once\w*|Lazy\w*|thread_local)$/u.test(name));
