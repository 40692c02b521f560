/** Finds the modules and files that a source file refers to, by relative path, by name, or in a short string that could be a file's name. Pure. */
import { posix } from "node:path";
import { type SyntaxNode, type SyntaxTree, UnreadableText } from "../tree/syntax-node.ts";
import { readSyntax } from "../tree/syntax-tree.ts";

export interface References {
  /** Paths relative to the tree's root, with or without an extension; they may name folders. */
  paths: string[];
  /** Names of packages or modules: `pkg`, `pkg/sub`, `a.b.c`. */
  names: string[];
  /** Strings that could name a file. */
  words: string[];
}

const pieceCharactersMax = 200;

/** A file to read, and the place for the references found in it. */
export interface ReferringFile {
  readonly path: string;
  readonly tree: SyntaxTree;
  readonly found: References;
}
/** Notes the modules that a statement imports by name instead of by a string. */
type ReadImport = (node: SyntaxNode, file: ReferringFile) => void;

/** A text that can't be parsed refers to nothing. */
export function referencesIn(path: string, text: string, readImport?: ReadImport): References {
  const found: References = { paths: [], names: [], words: [] };
  try {
    const tree = readSyntax(text, path);
    visit(tree.root, { path, tree, found }, readImport);
  } catch (error) {
    if (!(error instanceof UnreadableText)) throw error;
  }
  return found;
}

function visit(node: SyntaxNode, file: ReferringFile, readImport?: ReadImport): void {
  const { found, path } = file;
  readImport?.(node, file);
  if (/^(?:template_)?string$/u.test(node.name)) {
    const piece = file.tree.text
      .slice(node.from, node.to)
      .replace(/^[a-zA-Z]*(?:'''|"""|['"`])|(?:'''|"""|['"`])$/gu, "");
    if (piece.length <= pieceCharactersMax) addPiece(piece, path, found);
  }
  for (const child of node.children) visit(child, file, readImport);
}

function addPiece(piece: string, path: string, found: References): void {
  if (/^\.{1,2}(?:\/|$)/u.test(piece)) found.paths.push(posix.join(posix.dirname(path), piece));
  else if (/^(?:@[\w.-]+\/)?[\w.-]+(?:\/[\w./-]+)?$/u.test(piece)) found.names.push(piece);
  if (/[\w-]/u.test(piece)) found.words.push(piece);
}
