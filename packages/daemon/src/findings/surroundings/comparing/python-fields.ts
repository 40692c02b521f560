/** Finds fields of Python's data classes that a comparison leaves out: values then count as equal although such a field differs. Pure. */
import { sourceText } from "@aedev/languages/tree/print-syntax";
import type { SyntaxNode, SyntaxTree } from "@aedev/languages/tree/syntax-node";

const makers = /(?:^|\.)(?:[Ff]ield|ib|attrib|s|attrs|define|frozen|mutable|dataclass|make_dataclass)$/u;

/** `compare=False` of `field(compare=False)`, `eq=False` of `attr.ib(eq=False)` or `@dataclass(eq=False)`; null if nothing is left out. */
export function uncomparedField(call: SyntaxNode, tree: SyntaxTree): string | null {
  const list = call.children.at(-1);
  const callee = call.children.find(({ name }) => name !== "At" && name !== "@");
  if (list?.name !== "ArgList" || callee === undefined || !makers.test(sourceText(tree, callee))) return null;
  const parts = list.children.filter(({ name }) => !/Comment$/u.test(name));
  const found = parts.flatMap((part, at) => {
    const [sign, value] = parts.slice(at + 1, at + 3);
    const isName = /^(?:compare|eq|cmp)$/u.test(sourceText(tree, part)) && sign?.name === "AssignOp";
    const text = value === undefined ? "" : sourceText(tree, value).replace(/\s+/gu, " ").slice(0, 40);
    return isName && text !== "True" ? [`${sourceText(tree, part)}=${text}`] : [];
  });
  return found[0] ?? null;
}
