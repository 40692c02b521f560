/** The text of Rust code without its comments and texts, and the names in it. Pure. */

import { isChangingName } from "../shared/growth.ts";
import { isComment, nodesIn } from "../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";
import { isRustText } from "./rust-syntax.ts";

/** Comments and texts become a space. */
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

/** Whether a method of this name changes what it is called on, as far as its name says. */
export const isChangingMethod = (name: string) =>
  isChangingName(name) ||
  /^(?:take|replace|next|send|recv|lock|drain|entry|retain|dedup\w*|(?:get_)?or_insert\w*|fetch_\w+|compare_exchange\w*|try_lock)$/u.test(
    name,
  );

/** The names that an item of the file could be meant by: all but methods and fields. A text can name a constant, `"{LIMIT}"`, and an attribute a function, `default = "level"`. */
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
