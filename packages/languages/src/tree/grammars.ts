/**
 * Parses with tree-sitter's official grammars as WebAssembly; no other file uses it. Importing this file loads the grammars once per process. Nodes that only
 * group are dissolved: a block has its statements as children, an assignment its targets. Contract: the text is hostile; over a bound this throws
 * `UnreadableText` and never returns a part of a tree.
 *
 * Folder: the parsers of all languages.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Language, type Node, Parser, type TreeCursor } from "web-tree-sitter";
import { depthMax, nodesMax, type SyntaxNode, type SyntaxTree, textAround, UnreadableText } from "./syntax-node.ts";

const usualBounds = {
  nodesMax,
  depthMax,
  /** The grammars need about 10 ms for a file of 1,000 lines. */
  parseMsMax: 20_000,
};

const require = createRequire(import.meta.url);
await Parser.init({ locateFile: () => require.resolve("web-tree-sitter/web-tree-sitter.wasm") });
const parser = new Parser();
const grammars = {
  go: await grammar(require.resolve("@vscode/tree-sitter-wasm/wasm/tree-sitter-go.wasm")),
  python: await grammar(require.resolve("@vscode/tree-sitter-wasm/wasm/tree-sitter-python.wasm")),
  rust: await grammar(require.resolve("@vscode/tree-sitter-wasm/wasm/tree-sitter-rust.wasm")),
  javascript: await grammar(require.resolve("@vscode/tree-sitter-wasm/wasm/tree-sitter-javascript.wasm")),
  typescript: await grammar(require.resolve("@vscode/tree-sitter-wasm/wasm/tree-sitter-typescript.wasm")),
  tsx: await grammar(require.resolve("@vscode/tree-sitter-wasm/wasm/tree-sitter-tsx.wasm")),
  csharp: await grammar(require.resolve("@vscode/tree-sitter-wasm/wasm/tree-sitter-c-sharp.wasm")),
  java: await grammar(require.resolve("@vscode/tree-sitter-wasm/wasm/tree-sitter-java.wasm")),
  php: await grammar(require.resolve("@vscode/tree-sitter-wasm/wasm/tree-sitter-php.wasm")),
  ruby: await grammar(require.resolve("@vscode/tree-sitter-wasm/wasm/tree-sitter-ruby.wasm")),
  shell: await grammar(require.resolve("@vscode/tree-sitter-wasm/wasm/tree-sitter-bash.wasm")),
};
const grouping: Partial<Record<Grammar, RegExp>> = {
  go: /^(?:statement_list|expression_list|literal_element)$/u,
  python: /^(?:typed_parameter|default_parameter|typed_default_parameter)$/u,
};
export type Grammar = keyof typeof grammars;
export const isGrammar = (name: string): name is Grammar => Object.hasOwn(grammars, name);

function grammar(path: string): Promise<Language> {
  return Language.load(readFileSync(path));
}

/** The tree of `text`. `source`: the original file, if `text` has replacements of the same length. */
export function parseText(text: string, name: Grammar, bounds = usualBounds, source = text): ParsedTree {
  parser.setLanguage(grammars[name]);
  const until = performance.now() + bounds.parseMsMax;
  // Parsing stops when this returns true, although its type does not say so.
  const progressCallback = () => performance.now() > until;
  const tree = parser.parse(piecesOf(text), null, { progressCallback });
  // Setting the language for the next text discards the unfinished parse.
  if (tree === null) throw new UnreadableText(`not parsed within ${bounds.parseMsMax / 1000} s`);
  const cursor = tree.walk();
  try {
    const errors = tree.rootNode.hasError ? errorsIn(tree.rootNode, text) : [];
    return new ParsedTree({ text: source, errors, isRust: name === "rust" }, (parsed) =>
      rootAt(cursor, parsed, { ...bounds, groups: grouping[name] }),
    );
  } finally {
    cursor.delete();
    tree.delete();
  }
}

/** The binding copies a text in pieces; no piece may end inside a surrogate pair. */
const piecesOf = (text: string) => (from: number) => {
  const piece = text.slice(from, from + pieceUnits);
  return piece.length === pieceUnits && /[\ud800-\udbff]$/.test(piece) ? piece.slice(0, -1) : piece;
};
const pieceUnits = 4096;

/** A tree whose root the language's reader may replace. */
class ParsedTree implements SyntaxTree {
  readonly text: string;
  readonly errors: string[];
  readonly isRust: boolean;
  root: SyntaxNode;

  constructor(given: Omit<SyntaxTree, "root">, readRoot: (tree: SyntaxTree) => SyntaxNode) {
    this.text = given.text;
    this.errors = given.errors;
    this.isRust = given.isRust;
    this.root = readRoot(this);
  }
}

interface Open {
  /** The node that gets the children. */
  readonly owner: SyntaxNode;
  /** The field of children that have none. */
  readonly field: string | undefined;
}

function rootAt(
  cursor: TreeCursor,
  tree: SyntaxTree,
  { nodesMax, depthMax, groups }: typeof usualBounds & { readonly groups: RegExp | undefined },
): SyntaxNode {
  const root = nodeAt(cursor, tree, undefined);
  const open: Open[] = [{ owner: root, field: undefined }];
  for (let nodes = 1; ; nodes += 1) {
    if (nodes > nodesMax) throw new UnreadableText(`more than ${nodesMax} syntax nodes`);
    if (open.length > depthMax) throw new UnreadableText(`nested deeper than ${depthMax}`);
    if (!cursor.gotoFirstChild()) {
      open.pop();
      while (!cursor.gotoNextSibling()) {
        if (!cursor.gotoParent()) return root;
        open.pop();
      }
    }
    const { owner, field } = open.at(-1) ?? { owner: root, field: undefined };
    const node = nodeAt(cursor, tree, field);
    if (groups?.test(node.name) === true) open.push({ owner, field: node.field });
    else {
      // Some grammars have nodes for line ends, which are dropped.
      if (node.name.trim() !== "" && node.name !== "line_continuation") owner.children.push(node);
      open.push({ owner: node, field: undefined });
    }
  }
}

function nodeAt(cursor: TreeCursor, tree: SyntaxTree, groupField: string | undefined): SyntaxNode {
  const node = { name: cursor.nodeType, from: cursor.startIndex, to: cursor.endIndex, children: [], tree };
  const field = cursor.currentFieldName ?? groupField;
  return field === undefined ? node : { ...node, field };
}

/** The text around each error and each missing node, which the parser added to continue. */
function errorsIn(root: Node, text: string): string[] {
  const found: string[] = [];
  const waiting = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.isError || node.isMissing) found.push(textAround(text, { from: node.startIndex, to: node.endIndex }));
    else if (node.hasError) waiting.push(...node.children.filter((child) => child !== null));
  }
  return found;
}
