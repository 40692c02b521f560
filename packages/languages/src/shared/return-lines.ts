/** Finds the `return` statements of a file. Pure; the text is hostile: run it in a process that may be killed. */
import { ifReadable, type SyntaxNode } from "../tree/syntax-node.ts";
import { readSyntax } from "../tree/syntax-tree.ts";

/** The lines that a `return` statement begins, without what stands around them; none of a text that can't be read. */
export function returnLines(text: string, path: string): string[] {
  return ifReadable(() => linesIn(readSyntax(text, path).root, text), []);
}

function linesIn({ name, from, children }: SyntaxNode, text: string): string[] {
  const before = text.slice(text.lastIndexOf("\n", from - 1) + 1, from);
  const [line = ""] = text.slice(from).split("\n", 1);
  const own = name === "return_statement" && before.trim() === "" ? [line.trim()] : [];
  return [...own, ...children.flatMap((child) => linesIn(child, text))];
}
