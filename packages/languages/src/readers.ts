/** The readers of each language, with the grammars; only processes that may be killed load them. */
import { goReaders } from "./go/go-readers.ts";
import { languageOf } from "./index.ts";
import { javascriptReaders } from "./javascript/javascript-readers.ts";
import type { LanguageName, Readers } from "./language.ts";
import { pythonReaders } from "./python/python-readers.ts";
import { rustReaders } from "./rust/rust-readers.ts";

const readers: Readonly<Record<LanguageName, Readers>> = {
  javascript: javascriptReaders,
  python: pythonReaders,
  go: goReaders,
  rust: rustReaders,
};

/** Null for a file of a language that is not read. */
export function readersOf(path: string): Readers | null {
  const language = languageOf(path);
  return language === null ? null : readers[language.name];
}
