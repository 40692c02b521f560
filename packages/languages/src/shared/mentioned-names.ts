/** The names that a file mentions. Pure. */
import { isComment } from "../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";

/**
 * Every word outside comments and outside strings with blanks, such as a test's title, which name no function. In a file with errors, all words.
 */
export function namesMentioned({ text, root, errors }: SyntaxTree): string[] {
  if (errors.length > 0) return allWords(text);
  const names = new Set<string>();
  const add = (piece: string) => {
    for (const [name] of piece.matchAll(oneName)) names.add(name);
  };
  const visit = (node: SyntaxNode): void => {
    if (isComment(node)) return;
    const isText = /^(?:(?:template_)?string|jsx_text)$|string_literal$/u.test(node.name);
    const pieces: string[] = [];
    let at = node.from;
    for (const child of node.children.filter(({ name }) => !partOfText.test(name))) {
      pieces.push(text.slice(at, child.from));
      visit(child);
      at = child.to;
    }
    const own = [...pieces, text.slice(at, node.to)].join("\0");
    if (!isText || !/\s|\\[nrtvf]/u.test(own)) add(own);
  };
  visit(root);
  return [...names];
}
const partOfText = /^(?:string_(?:start|content|fragment|end)|escape_sequence)$/u;
const oneName = /[\w$]+/gu;

/** Every word of a text, for one that no grammar reads. */
export const allWords = (text: string): string[] => [...new Set(text.match(oneName))];
