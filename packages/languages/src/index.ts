/**
 * Lists the languages that the product knows, and tells which one a file is written in. Loads no parser.
 *
 * Folder: the languages: facts in `index.ts`, readers in `readers.ts`.
 */

import { csharp } from "./csharp/csharp.ts";
import { go } from "./go/go.ts";
import { java } from "./java/java.ts";
import { javascript } from "./javascript/javascript.ts";
import type { Language } from "./language.ts";
import { php } from "./php/php.ts";
import { python } from "./python/python.ts";
import { ruby } from "./ruby/ruby.ts";
import { rust } from "./rust/rust.ts";
import { shell } from "./shell/shell.ts";

const languages: readonly Language[] = [javascript, python, go, rust, csharp, java, php, ruby, shell];
const otherCode =
  /\.(?:kts?|scala|groovy|pl|lua|exs?|erl|hs|ml|clj|cc?|cpp|cxx|h|hpp|fs|swift|m|dart|zig|nim|r|jl|ps1|sql|vue|svelte|astro|coffee|pyx)$/iu;

/** Null for a file in another language, or without code. */
export const languageOf = (path: string): Language | null => languages.find(({ owns }) => owns(path)) ?? null;

/** Whether a file has code in any language, judged by its path. */
export const isCodeFile = (path: string): boolean => languageOf(path) !== null || otherCode.test(path);

const hasNoEnding = (path: string) => /(?:^|\/)[^./]+$/u.test(path);
/** Whether a file may have code, judged by its path: a file without an ending may be a program. */
export const mayBeCode = (path: string): boolean => hasNoEnding(path) || isCodeFile(path);

/** The language of code that can be measured, told by the path, or by the first line if there is no ending. `null`: it can't be measured; `none`: no code. */
export function measuredLanguage(path: string, text: string): Language | null | "none" {
  const language = languageOf(path);
  if (language?.isMeasured !== undefined) return language.isMeasured(path) ? language : "none";
  if (language !== null) return null;
  if (!hasNoEnding(path)) return isCodeFile(path) ? null : "none";
  return text.startsWith("#!") ? (languages.find(({ program }) => program?.firstLine.test(text)) ?? null) : "none";
}

/** A path that tells the readers the file's language, also for a program without an ending; null if the language is unknown. */
export const readablePath = (path: string, language: Language | null): string | null =>
  language === null ? null : languageOf(path) === null ? (language.program?.path ?? path) : path;
