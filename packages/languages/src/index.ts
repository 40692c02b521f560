/**
 * The languages that the product knows, and which of them a file is written in. Loads no parser.
 *
 * Folder: the languages: facts in `index.ts`, readers in `readers.ts`, what both have in `language.ts`.
 */
import type { Language } from "./language.ts";

const languages: readonly Language[] = [
  { name: "javascript", owns: (path) => /\.([cm]?[jt]sx?|es6)$/i.test(path), testParser: "javascript" },
  { name: "python", owns: (path) => /\.pyi?$/i.test(path), testParser: "python" },
  { name: "go", owns: (path) => path.endsWith(".go") },
  { name: "rust", owns: (path) => path.endsWith(".rs"), hasTestsInCode: true },
];

/** Null for a file of any other language, and for what is no code. */
export const languageOf = (path: string): Language | null => languages.find(({ owns }) => owns(path)) ?? null;
