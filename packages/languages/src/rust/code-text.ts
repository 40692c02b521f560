/** Reads the text of Rust code without its comments and strings, and the names in it. Pure. */

import { isChangingName } from "../shared/growth.ts";
import { isComment, nodesIn, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";
import { boundIn, isRustText } from "./rust-tests.ts";

/** The text of a node with a space for each comment and string. */
export function codeOf(node: SyntaxNode): string {
  if (isComment(node) || isRustText(node)) return " ";
  const parts: string[] = [];
  let at = node.from;
  for (const child of node.children) {
    parts.push(node.tree.text.slice(at, child.from), codeOf(child));
    at = child.to;
  }
  return [...parts, node.tree.text.slice(at, node.to)].join("");
}

export const identifiersIn = (code: string): string[] => code.match(/\w+/gu) ?? [];

/** Whether a method changes its object, judged by its name. */
export const isChangingMethod = (name: string) =>
  isChangingName(name) ||
  /^(?:take|replace|next|send|recv|lock|drain|entry|retain|dedup\w*|(?:get_)?or_insert\w*|fetch_\w+|compare_exchange\w*|try_lock)$/u.test(
    name,
  );

/** All names that could mean an item of the file, so no methods and fields, but names in strings (`"{LIMIT}"`) and attributes (`default = "level"`). */
export function itemNamesIn(tree: SyntaxTree): Set<string> {
  const names = new Set<string>();
  let before = "";
  for (const [token] of codeOf(tree.root).matchAll(/\d\w*(?:\.\d\w*|\.(?![.\w]))?|\.{1,3}|\w+/gu)) {
    if (/^[A-Za-z_]/u.test(token) && before !== ".") names.add(token);
    before = token;
  }
  const add = (text: string) => identifiersIn(text).forEach((name) => void names.add(name));
  for (const node of nodesIn(tree.root)) {
    const text = tree.text.slice(node.from, node.to);
    if (isRustText(node)) for (const [inside] of text.matchAll(/\{[^{}]{1,200}\}/gu)) add(inside);
    if (/^(?:inner_)?attribute_item$/u.test(node.name)) add(text);
  }
  return names;
}

/** Code that lends a value so that it can be changed. */
const lending =
  /&(?:'\w+)?\s*mut\b|\w_mut\b|\bas_mut\b|\b(?:leak|by_ref)\b|\.\s*(?:(?:try_)?lock|write|borrow_mut|entry|(?:get_)?or_insert\w*)\s*\(/u;

/** Names bound with `mut` or to a reference through which the value can change. */
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
      // The names that a loop's block binds are not lent.
      visit(child, isHere && child.name !== "block");
    }
  };
  visit(root, false);
  return names;
}

/** The text of a node; of a loop, without its block. */
function headOf(node: SyntaxNode): string {
  return node.children
    .filter(({ name }) => node.name !== "for_expression" || name !== "block")
    .map((child) => codeOf(child))
    .join(" ");
}

/** Whether one of the names is a type whose value can change behind a shared reference. */
export const hasSharedState = (names: Iterable<string>) =>
  [...names].some((name) =>
    /^(?:(?:Ref|Once|Lazy|Unsafe)?Cell|Mutex|RwLock|Atomic[A-Z]\w+|Once(?:Lock)?|Lazy(?:Lock)?|lazy_static|thread_local)$/u.test(
      name,
    ),
  );
