/** Finds what a source file refers to: modules and files by relative path, by name, and every short string that could be a file's name. Pure; the syntax trees come from the host package. */
import { posix } from "node:path";
import { type SyntaxNode, UnreadableText } from "@aedev/languages/tree/syntax-node";
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
    visit(readSyntax(text, path).root, { path, text, found });
  } catch (error) {
    if (!(error instanceof UnreadableText)) throw error;
  }
  return found;
}

function visit(node: SyntaxNode, file: { path: string; text: string; found: References }): void {
  const { found, path } = file;
  if (node.name === "ImportStatement" && /\.pyi?$/u.test(path))
    readPythonImport(file.text.slice(node.from, node.to), file);
  if (node.name === "String" || node.name === "TemplateString" || node.name === "FormatString") {
    const word = file.text.slice(node.from, node.to).replace(/^[a-zA-Z]*(?:'''|"""|['"`])|(?:'''|"""|['"`])$/gu, "");
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
function readPythonImport(statement: string, { path, found }: { path: string; found: References }): void {
  const from = /^from\s+(\.*)([\w.]*)\s+import\s+([\s\S]+)$/u.exec(statement);
  if (from === null) {
    const names = statement.replace(/^import\s+/u, "").split(",");
    found.names.push(...names.map((name) => name.trim().split(/\s/u)[0] ?? ""));
    return;
  }
  const [, dots = "", module = "", list = ""] = from;
  const members = list
    .replace(/[()]/gu, "")
    .split(",")
    .map((name) => name.trim().split(/\s/u)[0] ?? "");
  if (dots === "") {
    found.names.push(module, ...members.map((name) => `${module}.${name}`));
    return;
  }
  const folder = posix.join(
    posix.dirname(path),
    ...Array.from({ length: dots.length - 1 }, () => ".."),
    ...module.split("."),
  );
  found.paths.push(folder, ...members.map((name) => posix.join(folder, name)));
}
