/** Tells whether two versions of a file differ only in comments and layout. Contract: any difference that could change behaviour gives false. */
import { hasControls } from "@aedev/contracts";
import { isComment, printSyntax, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";

/** Whether a text has characters that end a line only in some languages, so that a comment to the grammar may be code. */
const hasOddLineEnd = (text: string) =>
  hasControls(text.replaceAll(/\r\n|[\t\n]/gu, "")) || /[\u2028\u2029]/u.test(text);

/** In Python, a line that holds only the sign that joins lines gives the next line its indentation. */
const joinsOnly = /^[^\S\n]*\\\r?$/mu;

/** Comments that tools read as commands to check, transform or run the file in another way. */
const command = new RegExp(
  [
    // A comment that begins with a directive: `@word`, `+word`, `word:`, `=`, `# word =`, `# /// script`.
    String.raw`^(?:\/\/|\/\*+|#|;)\s*(?:@\w|\+\w|[a-z][\w.-]*:(?!\/\/)|=|-\*-|globals?\b|exported\b)|^#\s*(?:\/\/\/|[a-z][\w-]*\s*=)`,
    String.raw`^#!|coding[:=]|[#@]__|<reference\b|\bsource(?:Mapping)?URL\b|@flow\b|@babel\b|@(?:ts|jsx?|jest|vitest|swc|emotion)[A-Z-]|@jsx\b`,
    String.raw`\b(?:[Nn][Oo][Qq][Aa]|nosec|nolint|nosemgrep|NOSONAR|pragma)\b`,
    String.raw`\b(?:eslint|oxlint|jshint|jslint|tslint|prettier|biome|istanbul|c8|v8|node:coverage|stylelint|deno)(?:-| (?:ignore|disable|enable|fmt|lint|env|\w+:))`,
    String.raw`\b(?:type|mypy|pyright|pyre|pylint|ruff|flake8|isort|fmt|yapf|doctest|codecov|webpack\w*|cgo|go):`,
  ].join("|"),
  "u",
);

/** Finds a language's comments that decide what runs, in their order, besides those that tools of every language read. `text`: the file's text. */
export type FindActing = (comments: readonly string[], text: string) => readonly string[];

/** Whether the grammar surely reads a text as the language does. */
export const isReadAlike = ({ errors, text }: SyntaxTree): boolean =>
  errors.length === 0 && !hasOddLineEnd(text) && !joinsOnly.test(text);

/** How two versions of a file differ: in nothing that runs, in texts that only a program which asks for its own documentation sees, or in more. */
export type CodeDifference = "nothing" | "docstrings" | "code";

export function codeDifference(before: SyntaxTree, after: SyntaxTree, acting: FindActing): CodeDifference {
  if (!isReadAlike(before) || !isReadAlike(after)) return "code";
  const [old, young] = [before, after].map((tree) => actingComments(tree, acting));
  if (old !== young) return "code";
  if (printSyntax(before.root) === printSyntax(after.root)) return "nothing";
  const [bare, otherBare] = [before, after].map(({ root }) => printSyntax(root, plainTextsIn(root)));
  return bare === otherBare ? "docstrings" : "code";
}

/**
 * Statements that are only a text, as Python's docstrings, without what a backslash may make of them. At the top of a file only the first counts, because an
 * import from `__future__` may follow no other. A directive of JavaScript is such a statement too, which acts.
 */
function plainTextsIn(root: SyntaxNode): ReadonlySet<SyntaxNode> {
  const found = new Set<SyntaxNode>();
  const visit = (node: SyntaxNode): void => {
    const [only, ...others] = node.children;
    const isText = node.name === "expression_statement" && only?.name === "string" && others.length === 0;
    const isPlain =
      isText && only.children.every(({ name }) => name !== "interpolation") && !textOf(only).includes("\\");
    if (isPlain && (!root.children.includes(node) || root.children.find((one) => !isComment(one)) === node))
      found.add(node);
    else for (const child of node.children) visit(child);
  };
  if (root.name === "module") visit(root);
  return found;
}

/** The comments that act, each with its place between the tokens of the code, because many act on what follows them. */
export function actingComments(tree: SyntaxTree, acting: FindActing): string {
  const found = commentsIn(tree, acting).filter(({ acts }) => acts);
  return found.map(({ node, text, tokens }) => `${tokens} ${text} ${isApart(node)}`).join("\0");
}

/** The text with blanks in the place of comments that only people read; the whole text if the grammar may read it otherwise than the language. */
export function withoutComments(tree: SyntaxTree, acting: FindActing): string {
  if (!isReadAlike(tree)) return tree.text;
  const pieces: string[] = [];
  let at = 0;
  for (const { node, text, acts } of commentsIn(tree, acting)) {
    if (acts) continue;
    pieces.push(tree.text.slice(at, node.from), text.replaceAll(/[^\n]/gu, " "));
    at = node.to;
  }
  return pieces.join("") + tree.text.slice(at);
}

interface Comment {
  readonly node: SyntaxNode;
  readonly text: string;
  /** How many tokens stand before it. */
  readonly tokens: number;
  readonly acts: boolean;
}

function commentsIn({ root, text: source }: SyntaxTree, acting: FindActing): Comment[] {
  const comments: { node: SyntaxNode; text: string; tokens: number; isInMacro: boolean }[] = [];
  let tokens = 0;
  const visit = (node: SyntaxNode, isInMacro: boolean): void => {
    if (isComment(node)) comments.push({ node, text: textOf(node), tokens, isInMacro });
    else if (node.children.length === 0) tokens += 1;
    else for (const child of node.children) visit(child, isInMacro || node.name === "token_tree");
  };
  visit(root, false);
  const ofLanguage = new Set(
    acting(
      comments.map(({ text }) => text),
      source,
    ),
  );
  return comments.map(({ node, text, tokens: before, isInMacro }) => ({
    ...{ node, text, tokens: before },
    acts: isInMacro || ofLanguage.has(text) || command.test(text) || endsStatement(node),
  }));
}

/** Whether a comment over several lines is followed by code on its last line, so that it may end the statement before it. */
function endsStatement(node: SyntaxNode): boolean {
  return textOf(node).trimEnd().includes("\n") && /^[^\S\n]*[^\s]/u.test(node.tree.text.slice(node.to));
}

/** Whether an empty line follows, as Go wants it after a build tag. */
const isApart = ({ to, tree }: SyntaxNode): boolean => /^[^\S\n]*\n[^\S\n]*\n/u.test(tree.text.slice(to));
