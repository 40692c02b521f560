/**
 * Parses JavaScript and TypeScript with the Lezer parsers, which no other file uses, and other languages with their own grammars. All tolerate errors and run without recursion.
 * Contract: the text is hostile; over a bound it throws `UnreadableText` and never returns a partial tree. Run it in a process that may be
 * killed.
 *
 * Folder: the parsers of all languages.
 */
import type { TreeCursor } from "@lezer/common";
import { parser as javascript } from "@lezer/javascript";
import { arrowPatterns, withParameters } from "./arrow-patterns.ts";
import { blankTypes } from "./blank-types.ts";
import { readGo } from "./read-go.ts";
import { readPython } from "./read-python.ts";
import { readRustTree } from "./read-rust.ts";
import type { Readable } from "./readable.ts";
import { readableJavaScript } from "./readable-javascript.ts";
import {
  depthMax,
  nodesMax,
  parsedLanguageOf,
  type SyntaxNode,
  type SyntaxTree,
  sourceCharactersMax,
  textAround,
  UnreadableText,
} from "./syntax-node.ts";

/** Each round finds one more level of nested arrow functions. */
const arrowRoundsMax = 8;
/** With more of them, each round would take seconds. */
const arrowPatternsMax = 2000;

export function readSyntax(text: string, path: string): SyntaxTree {
  if (text.length > sourceCharactersMax) throw new UnreadableText(`longer than ${sourceCharactersMax} characters`);
  if (path.endsWith(".go")) return readGo(text);
  if (path.endsWith(".rs")) return readRustTree(text);
  if (parsedLanguageOf(path) === "python") return readPython(text);
  const tree = parsed(text, toReadable(text, path), path);
  if (tree.errors.length === 0 || parsedLanguageOf(path) !== "javascript") return tree;
  // Loading the compiler and parsing twice is slow, and the grammar knows most types.
  const plain = /\.(?:[cm]?ts|tsx)$/i.test(path) ? blankTypes(text, /x$/i.test(path)) : null;
  const untyped = plain === null ? tree : parsed(text, toReadable(plain, path), path);
  return withArrowPatterns(untyped.errors.length < tree.errors.length ? untyped : tree, plain ?? text, path);
}

/** `plain`: the text, or the text without its types. An arrow function within another one is found once that is read. */
function withArrowPatterns(tree: SyntaxTree, plain: string, path: string): SyntaxTree {
  let [best, last] = [tree, tree];
  const places: number[] = [];
  for (let round = 0; round < arrowRoundsMax && best.errors.length > 0; round += 1) {
    const found = arrowPatterns(plain, last);
    if (found.length === 0 || places.length + found.length > arrowPatternsMax) break;
    places.push(...found);
    const outer = withParameters(plain, places);
    const inner = toReadable(outer.text, path);
    const originalOf = (at: number) => outer.originalOf(inner.originalOf(at));
    last = parsed(tree.text, { text: inner.text, originalOf }, path);
    if (last.errors.length < best.errors.length) best = last;
  }
  return best;
}

function toReadable(text: string, path: string): Readable {
  if (parsedLanguageOf(path) === "javascript") return readableJavaScript(text, /\.[cm]?tsx?$/i.test(path));
  return { text, originalOf: (at) => at };
}

/** The tree of `text`, from the form of it that the grammar can parse. */
function parsed(text: string, readable: Readable, path: string): SyntaxTree {
  const errors: string[] = [];
  const cursor = parserFor(path).parse(readable.text).cursor();
  const open: SyntaxNode[] = [];
  let root: SyntaxNode | null = null;
  let nodes = 0;
  for (;;) {
    nodes += 1;
    if (nodes > nodesMax) throw new UnreadableText(`more than ${nodesMax} syntax nodes`);
    const [from, to] = [readable.originalOf(cursor.from), readable.originalOf(cursor.to)];
    const node: SyntaxNode = { name: cursor.name, from, to, children: [] };
    const parent = open.at(-1);
    if (cursor.type.isError && !isKnownGap(node, parent, text)) errors.push(textAround(text, node));
    else if (!cursor.type.isError && !isInserted(node, cursor)) parent?.children.push(node);
    root ??= node;
    open.push(node);
    if (open.length > depthMax) throw new UnreadableText(`nested deeper than ${depthMax}`);
    if (cursor.firstChild()) continue;
    if (!leave(cursor, open)) break;
  }
  return { text, root, errors, isRust: false };
}

/** Moves to the next node in order; false at the end. */
function leave(cursor: TreeCursor, open: SyntaxNode[]): boolean {
  open.pop();
  while (!cursor.nextSibling()) {
    if (!cursor.parent()) return false;
    open.pop();
  }
  return true;
}

function parserFor(path: string) {
  const dialect = /\.[cm]?ts$/i.test(path) ? "ts" : /\.tsx$/i.test(path) ? "ts jsx" : "jsx";
  return javascript.configure({ dialect });
}

/** Whether a node stands for nothing in the source. */
function isInserted(node: SyntaxNode, { from, to }: TreeCursor): boolean {
  return node.from === node.to && from < to;
}

/** The grammar reports an error in a JSX expression that holds only a comment, which is valid. */
function isKnownGap(node: SyntaxNode, parent: SyntaxNode | undefined, text: string): boolean {
  if (node.from !== node.to || parent === undefined) return false;
  const before = () => text.slice(parent.from, node.from);
  // What follows a comment that ends with its line may be code.
  return (
    parent.name === "JSXEscape" &&
    onlyComments.test(before()) &&
    /^\s*\}/u.test(text.slice(node.from, node.from + gapMax))
  );
}
const onlyComments = /^\{(?:\s|\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\/)*$/u;
const gapMax = 200;
