/** The readers of each language. They load the grammars, so only processes that may be killed import this file. */
import { goReaders } from "./go/go-readers.ts";
import { languageOf } from "./index.ts";
import { javascriptReaders } from "./javascript/javascript-readers.ts";
import type { Readers } from "./language.ts";
import { pythonReaders } from "./python/python-readers.ts";
import { rustReaders } from "./rust/rust-readers.ts";
import { thinReaders } from "./shared/thin/thin-readers.ts";

const readers = new Map([
  ["javascript", javascriptReaders],
  ["python", pythonReaders],
  ["go", goReaders],
  ["rust", rustReaders],
]);

/** The readers for a file; null if its language has none. */
export function readersOf(path: string): Readers | null {
  const language = languageOf(path);
  if (language === null) return null;
  return readers.get(language.name) ?? (language.tests === undefined ? null : thinReaders(language.tests));
}
