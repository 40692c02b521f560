/** Names in Rust code whose value code elsewhere may see changed. Pure. */

import { textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode } from "../tree/syntax-node.ts";
import { codeOf } from "./code-text.ts";
import { boundIn } from "./rust-syntax.ts";

/** What lends something that can be changed. */
const lending =
  /&(?:'\w+)?\s*mut\b|\w_mut\b|\bas_mut\b|\b(?:leak|by_ref)\b|\.\s*(?:(?:try_)?lock|write|borrow_mut|entry|(?:get_)?or_insert\w*)\s*\(/u;

/** Names that are bound with `mut`, or to a reference that can change its value. */
export function changeableNames(root: SyntaxNode): Set<string> {
  const names = new Set<string>();
  const bound = boundIn(root);
  const visit = (node: SyntaxNode, isLent: boolean): void => {
    const isBinding = /^(?:let_declaration|let_condition|parameter|closure_parameters|for_expression|match_arm)$/u.test(
      node.name,
    );
    const isHere = isLent || (isBinding && lending.test(headOf(node)));
    for (const [index, child] of node.children.entries()) {
      const isMutable = isHere || node.children[index - 1]?.name === "mutable_specifier";
      if (bound.has(child) && isMutable) names.add(textOf(child).replace(/^r#/u, ""));
      // The block of a loop binds names of its own.
      visit(child, isHere && child.name !== "block");
    }
  };
  visit(root, false);
  return names;
}

/** Of a loop without its block. */
function headOf(node: SyntaxNode): string {
  return node.children
    .filter(({ name }) => node.name !== "for_expression" || name !== "block")
    .map((child) => codeOf(child))
    .join(" ");
}

/** Whether one of these names is a type whose value changes behind a shared reference. */
export const hasSharedState = (names: Iterable<string>) =>
  [...names].some((name) =>
    /^(?:(?:Ref|Once|Lazy|Unsafe)?Cell|Mutex|RwLock|Atomic[A-Z]\w+|Once(?:Lock)?|Lazy(?:Lock)?|lazy_static|thread_local)$/u.test(
      name,
    ),
  );
