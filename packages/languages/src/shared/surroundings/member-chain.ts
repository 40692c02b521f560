/** Reads what code names, such as `process.env.CI`, as one text, with computed members where they are constant. Pure. */
import { fieldOf, partsOf, textOf } from "../../tree/print-syntax.ts";
import type { SyntaxNode } from "../../tree/syntax-node.ts";
import { constantText, decodedLiteral } from "./constant-text.ts";

/** `a.b[…]`; a call has its first argument, if that is constant. Null if the tree is incomplete; `?` for what has no name. */
export function chainOf(node: SyntaxNode): string | null {
  if (/^(?:this|identifier)$/u.test(node.name)) return decodedLiteral(textOf(node));
  if (node.name === "meta_property") return textOf(node).replace(/\s/gu, "");
  if (/^call(?:_expression)?$/u.test(node.name)) {
    const [callee, list] = [fieldOf(node, "function"), fieldOf(node, "arguments")];
    const called = callee === undefined ? null : chainOf(callee);
    if (called === null) return null;
    const first = constantText(partsOf(list)[0]);
    return `${called}(${first ?? ""})`;
  }
  if (!/^(?:(?:member|subscript)_expression|attribute|subscript)$/u.test(node.name)) {
    const inner = node.name === "parenthesized_expression" ? partsOf(node)[0] : undefined;
    return inner === undefined ? "?" : chainOf(inner);
  }
  const [owner] = node.children;
  const own = owner === undefined ? null : chainOf(owner);
  if (own === null) return null;
  const member = fieldOf(node, "property") ?? fieldOf(node, "attribute");
  if (member !== undefined) return `${own}.${decodedLiteral(textOf(member))}`;
  const key = fieldOf(node, "index") ?? fieldOf(node, "subscript");
  return `${own}.${constantText(key) ?? "[…]"}`;
}

/** `os.getenv("X")` reads the same as `os.environ["X"]`. */
export function variableRead(chain: string | null, parent: SyntaxNode | null): string | null {
  if (chain !== "os.getenv" && chain !== "os.environ.get") return chain;
  const list = parent?.children.find(({ name }) => name === "argument_list");
  const name = list === undefined ? null : constantText(partsOf(list)[0]);
  return name === null ? chain : `os.environ.${name}`;
}
