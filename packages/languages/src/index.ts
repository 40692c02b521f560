/**
 * The languages that the product knows, and which of them a file is written in. Loads no parser.
 *
 * Folder: the languages: facts in `index.ts`, readers in `readers.ts`.
 */
import { csharp } from "./csharp/csharp.ts";
import { java } from "./java/java.ts";
import type { Language } from "./language.ts";
import { php } from "./php/php.ts";
import { ruby } from "./ruby/ruby.ts";
import { shell } from "./shell/shell.ts";

const languages: readonly Language[] = [
  {
    name: "javascript",
    owns: (path) => /\.([cm]?[jt]sx?|es6)$/i.test(path),
    testParser: "javascript",
    hasCodeRules: true,
  },
  { name: "python", owns: (path) => /\.pyi?$/i.test(path), testParser: "python", hasCodeRules: true },
  { name: "go", owns: (path) => path.endsWith(".go"), hasCodeRules: true },
  { name: "rust", owns: (path) => path.endsWith(".rs"), hasTestsInCode: true, hasCodeRules: true },
  csharp,
  java,
  php,
  ruby,
  shell,
];

/** Null for a file of any other language, and for what is no code. */
export const languageOf = (path: string): Language | null => languages.find(({ owns }) => owns(path)) ?? null;
