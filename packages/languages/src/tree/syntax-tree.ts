/**
 * Reads a text with the grammar of its language. All tolerate errors.
 * Contract: the text is hostile; over a bound it throws `UnreadableText` and never returns a partial tree. Run it in a process that may be
 * killed.
 *
 * Folder: the parsers of all languages.
 */
import { readGo } from "./read-go.ts";
import { readJavaScript } from "./read-javascript.ts";
import { readPython } from "./read-python.ts";
import { readRustTree } from "./read-rust.ts";
import { parsedLanguageOf, type SyntaxTree, sourceCharactersMax, UnreadableText } from "./syntax-node.ts";

export function readSyntax(text: string, path: string): SyntaxTree {
  if (text.length > sourceCharactersMax) throw new UnreadableText(`longer than ${sourceCharactersMax} characters`);
  if (path.endsWith(".go")) return readGo(text);
  if (path.endsWith(".rs")) return readRustTree(text);
  return parsedLanguageOf(path) === "python" ? readPython(text) : readJavaScript(text, path);
}
