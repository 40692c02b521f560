/**
 * Reads code as a sequence of parts without comments and layout, and tells of each name what decides its meaning. Two versions whose parts differ only in
 * names can be compared name by name. Pure.
 */
import { isComment, printsOf, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode } from "../tree/syntax-node.ts";
import { goNames } from "./go-names.ts";
import { type CodePart, isTextNode, type NamedFile, type Names } from "./part.ts";
import { pythonNames } from "./python-names.ts";
import { scriptNames } from "./script-names.ts";

const readers: Readonly<Record<string, (file: NamedFile) => Names>> = {
  javascript: scriptNames,
  python: pythonNames,
  go: goNames,
};

/** Null for a language whose names can't be told apart. */
export function codePartsOf(
  file: NamedFile,
  language: string,
  { withTypes }: { withTypes: boolean },
): CodePart[] | null {
  const names = readers[language]?.(file);
  if (names === undefined) return null;
  const parts: CodePart[] = [];
  const visit = (node: SyntaxNode, around: readonly SyntaxNode[]): void => {
    if (isComment(node) || (!withTypes && names.isType(node, around))) return;
    const [first] = node.children;
    if (!withTypes && first !== undefined && cast.test(node.name)) {
      visit(first, [...around, node]);
      return;
    }
    const named = names.of(node, around);
    if (named !== undefined) parts.push(...named);
    else if (node.children.length === 0) parts.push({ text: textOf(node) });
    else {
      const inner = [...around, node];
      parts.push({ text: `${withTypes ? node.name : node.name.replace(/^optional_p/u, "required_p")}(` });
      if (isTextNode(node)) visitText(node, inner);
      else
        for (const piece of printsOf(node)) {
          // The tree has no node for the mark in `a!`.
          if (piece === "!" && !withTypes) continue;
          if (typeof piece === "string") parts.push({ text: piece });
          else visit(piece, inner);
        }
      parts.push({ text: ")" });
    }
  };
  /** Blanks count in a text. */
  const visitText = (node: SyntaxNode, inner: readonly SyntaxNode[]): void => {
    let at = node.from;
    for (const child of node.children) {
      if (at < child.from) parts.push({ text: file.tree.text.slice(at, child.from), role: "text" });
      visit(child, inner);
      at = child.to;
    }
    if (at < node.to) parts.push({ text: file.tree.text.slice(at, node.to), role: "text" });
  };
  visit(file.tree.root, []);
  return parts;
}

/** Expressions that only claim a type. */
const cast = /^(?:as|satisfies|non_null)_expression$/u;
