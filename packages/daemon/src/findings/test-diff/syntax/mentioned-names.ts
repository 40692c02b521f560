/** The names that a file mentions. Pure. */
import { isComment } from "@aedev/languages/tree/print-syntax";
import { parsedLanguageOf, type SyntaxNode } from "@aedev/languages/tree/syntax-node";
import { readSyntax } from "@aedev/languages/tree/syntax-tree";

/**
 * Every word outside of comments, and of the texts those that are one piece: a text with a blank, such as the title of a test, names no function. All words where no grammar
 * of ours reads the language, or where it finds an error.
 */
export function mentionedNames(text: string, path: string): string[] {
  const all = () => [...new Set(text.match(oneName))];
  if (parsedLanguageOf(path) === null && !path.endsWith(".rs")) return all();
  const tree = readSyntax(text, path);
  if (tree.errors.length > 0) return all();
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
  visit(tree.root);
  return [...names];
}
const partOfText = /^(?:string_(?:start|content|fragment|end)|escape_sequence)$/u;
const oneName = /[\w$]+/gu;
