/**
 * Reads a text with the grammar of its language; every grammar tolerates errors. Contract: the text is hostile; over a bound this throws `UnreadableText` and
 * never returns a partial tree. Run it in a process that may be killed.
 */
import { languageOf } from "../index.ts";
import { isGrammar, parseText } from "./grammars.ts";
import { readGo } from "./read-go.ts";
import { readJavaScript } from "./read-javascript.ts";
import { readPython } from "./read-python.ts";
import { readRustTree } from "./read-rust.ts";
import { type SyntaxTree, sourceCharactersMax, UnreadableText } from "./syntax-node.ts";

const parsers = new Map<string, (text: string, path: string) => SyntaxTree>([
  ["javascript", readJavaScript],
  ["python", readPython],
  ["go", readGo],
  ["rust", readRustTree],
]);

/** Reads a file; without a known language, as JavaScript. */
export function readSyntax(text: string, path: string): SyntaxTree {
  if (text.length > sourceCharactersMax) throw new UnreadableText(`longer than ${sourceCharactersMax} characters`);
  const { name, tests } = languageOf(path) ?? { name: "javascript" };
  const parse = parsers.get(name);
  if (parse !== undefined) return parse(text, path);
  if (!isGrammar(name)) throw new UnreadableText(`no grammar of ${name}`);
  return parseText(tests?.readable?.(text) ?? text, name, undefined, text);
}
