/** Which language the code of a file is in, and which of its kind can be measured. Pure; loads no parser. */

export type MeasuredLanguage = "javascript" | "python" | "go";

const languages: readonly [RegExp, MeasuredLanguage][] = [
  [/(?<!\.d)\.[cm]?ts$|\.(?:[cm]?js|[jt]sx|es6|jsm)$/u, "javascript"],
  [/\.pyw?$/u, "python"],
  [/(?<!_test)\.go$/u, "go"],
];
const otherCode =
  /\.(?:rs|java|kts?|scala|groovy|rb|php|pl|lua|exs?|erl|hs|ml|clj|cc?|cpp|cxx|h|hpp|cs|fs|swift|m|dart|zig|nim|r|jl|sh|bash|ps1|sql|vue|svelte|astro|coffee|pyx)$/iu;
/** The interpreter of a file without an ending. */
const interpreters: readonly [RegExp, MeasuredLanguage][] = [
  [/^#![^\n]{0,100}\b(?:node|tsx|deno|bun)\b/u, "javascript"],
  [/^#![^\n]{0,100}\bpython/u, "python"],
];

const hasNoEnding = (path: string) => /(?:^|\/)[^./]+$/u.test(path);
/** Without its text: a file without an ending may be a program. */
export const mayBeCode = (path: string) =>
  hasNoEnding(path) || languages.some(([pattern]) => pattern.test(path)) || otherCode.test(path);

/** By the path, and without an ending by the first line. `null`: code that can't be measured; `none`: no code. */
export function codeLanguage(path: string, text: string): MeasuredLanguage | null | "none" {
  const named = languages.find(([pattern]) => pattern.test(path))?.[1];
  if (named !== undefined) return named;
  if (!hasNoEnding(path)) return otherCode.test(path) ? null : "none";
  return text.startsWith("#!") ? (interpreters.find(([pattern]) => pattern.test(text))?.[1] ?? null) : "none";
}

/** The grammar is chosen by the ending of a path, and a program may have none. */
export function grammarPath(path: string, language: MeasuredLanguage): string {
  if (language === "javascript") return /\.[cm]?[jt]sx?$/u.test(path) ? path : "program.js";
  return language === "python" ? "program.py" : path;
}
