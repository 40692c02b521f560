/** Reads what code names, such as `process.env.CI`, as one text, with computed members where they are constant. Pure. */
import { partsOf, sourceText } from "@aedev/languages/tree/print-syntax";
import type { SyntaxNode, SyntaxTree } from "@aedev/languages/tree/syntax-node";
import { constantText, decodedLiteral } from "./constant-text.ts";

export function argumentsOf(list: SyntaxNode): SyntaxNode[] {
  return partsOf(list).filter(({ name }) => !/^[(),]$/u.test(name));
}

/** `a.b[…]`; a call has its first argument, if that is constant. Null if the tree is incomplete; `?` for what has no name. */
export function chainOf(node: SyntaxNode, tree: SyntaxTree): string | null {
  if (/^(?:VariableName|this|identifier)$/u.test(node.name)) return decodedLiteral(sourceText(tree, node));
  if (node.name === "ImportMeta") return "import.meta";
  if (node.name === "CallExpression" || node.name === "call") {
    const [callee, list] = node.children;
    const called = callee === undefined ? null : chainOf(callee, tree);
    if (called === null) return null;
    const first = list === undefined ? null : constantText(argumentsOf(list)[0], tree);
    return `${called}(${first ?? ""})`;
  }
  if (!/^(?:MemberExpression|attribute|subscript)$/u.test(node.name)) {
    const [inner] = /^(?:ParenthesizedExpression|parenthesized_expression)$/u.test(node.name) ? partsOf(node) : [];
    return inner === undefined ? "?" : chainOf(inner, tree);
  }
  const [owner] = node.children;
  const last = node.children.at(-1);
  const own = owner === undefined ? null : chainOf(owner, tree);
  if (own === null || last === undefined) return null;
  if (/^(?:PropertyName|PrivatePropertyName|identifier)$/u.test(last.name))
    return `${own}.${decodedLiteral(sourceText(tree, last))}`;
  const key = partsOf(node)
    .filter((part) => part !== owner && !/^[[\].?]+$/u.test(part.name))
    .at(0);
  return `${own}.${constantText(key, tree) ?? "[…]"}`;
}

/** `os.getenv("X")` reads the same as `os.environ["X"]`. */
export function variableRead(chain: string | null, parent: SyntaxNode | null, tree: SyntaxTree): string | null {
  if (chain !== "os.getenv" && chain !== "os.environ.get") return chain;
  const list = parent?.children.find(({ name }) => name === "argument_list");
  const name = list === undefined ? null : constantText(argumentsOf(list)[0], tree);
  return name === null ? chain : `os.environ.${name}`;
}
