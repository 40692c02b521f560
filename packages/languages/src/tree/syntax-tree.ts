/** Reads a text with the grammar of its language. All tolerate errors. Contract: the text is hostile; over a bound it throws `UnreadableText` and never returns a partial tree. Run it in a process that may be killed. */
import { languageOf } from "../index.ts";
import type { LanguageName } from "../language.ts";
import { readGo } from "./read-go.ts";
import { readJavaScript } from "./read-javascript.ts";
import { readPython } from "./read-python.ts";
import { readRustTree } from "./read-rust.ts";
import { type SyntaxTree, sourceCharactersMax, UnreadableText } from "./syntax-node.ts";

const parsers: Readonly<Record<LanguageName, (text: string, path: string) => SyntaxTree>> = {
  javascript: readJavaScript,
  python: readPython,
  go: readGo,
  rust: readRustTree,
};

/** A file without a known ending is read as JavaScript. */
export function readSyntax(text: string, path: string): SyntaxTree {
  if (text.length > sourceCharactersMax) throw new UnreadableText(`longer than ${sourceCharactersMax} characters`);
  return parsers[languageOf(path)?.name ?? "javascript"](text, path);
}
