/** Finds what a source file refers to: modules and files by relative path, by name, and every short string that could be a file's name. Pure; the syntax trees come from the host package. */
import { posix } from "node:path";
import { importOf, pythonImport } from "@aedev/languages/python/python-syntax";
import { type SyntaxNode, type SyntaxTree, UnreadableText } from "@aedev/languages/tree/syntax-node";
import { readSyntax } from "@aedev/languages/tree/syntax-tree";

export interface References {
  /** Paths without extension or with one, relative to the tree's root; may name a folder. */
  paths: string[];
  /** Names of packages or modules: `pkg`, `pkg/sub`, `a.b.c`. */
  names: string[];
  /** Strings that could name a file. */
  words: string[];
}

const wordCharactersMax = 200;

/** `text` is of a JavaScript, TypeScript or Python file at `path`. A text that can't be parsed refers to nothing. */
export function referencesIn(path: string, text: string): References {
  const found: References = { paths: [], names: [], words: [] };
  try {
    const tree = readSyntax(text, path);
    visit(tree.root, { path, tree, found });
  } catch (error) {
    if (!(error instanceof UnreadableText)) throw error;
  }
  return found;
}

function visit(node: SyntaxNode, file: { path: string; tree: SyntaxTree; found: References }): void {
  const { found, path } = file;
  if (pythonImport.test(node.name)) readPythonImport(node, file);
  if (/^(?:template_)?string$/u.test(node.name)) {
    const word = file.tree.text
      .slice(node.from, node.to)
      .replace(/^[a-zA-Z]*(?:'''|"""|['"`])|(?:'''|"""|['"`])$/gu, "");
    if (word.length <= wordCharactersMax) addWord(word, path, found);
  }
  for (const child of node.children) visit(child, file);
}

function addWord(word: string, path: string, found: References): void {
  if (/^\.{1,2}(?:\/|$)/u.test(word)) found.paths.push(posix.join(posix.dirname(path), word));
  else if (/^(?:@[\w.-]+\/)?[\w.-]+(?:\/[\w./-]+)?$/u.test(word)) found.names.push(word);
  if (/[\w-]/u.test(word)) found.words.push(word);
}

/** `import a.b as c, d`, `from a import b, c`, `from ..a import (b)`. */
function readPythonImport(
  statement: SyntaxNode,
  { path, tree, found }: { path: string; tree: SyntaxTree; found: References },
): void {
  const { module, names } = importOf(statement, tree);
  const members = names.map(({ name }) => name);
  if (module === null) found.names.push(...members);
  else if (!module.startsWith(".")) found.names.push(module, ...members.map((name) => `${module}.${name}`));
  else {
    const dots = module.replace(/[^.].*$/u, "").length;
    const above = Array.from({ length: dots - 1 }, () => "..");
    const folder = posix.join(posix.dirname(path), ...above, ...module.slice(dots).split("."));
    found.paths.push(folder, ...members.map((name) => posix.join(folder, name)));
  }
}
