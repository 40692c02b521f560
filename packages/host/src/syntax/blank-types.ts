/** Removes types from TypeScript source with the compiler's own parser, so that a grammar of JavaScript can parse the rest. No other file uses the compiler. */
import { createRequire } from "node:module";
import type * as Blanking from "ts-blank-space";
import type * as Compiler from "typescript";

const require = createRequire(import.meta.url);
let loaded: { blank: typeof Blanking; compiler: typeof Compiler } | null = null;

/** The source with spaces for its types; every offset stays. Null if the compiler finds a syntax error: what it blanks then may be code. */
export function blankTypes(text: string, isJsx: boolean): string | null {
  // The compiler takes a fifth of a second to load, and few files need it.
  loaded ??= { blank: require("ts-blank-space"), compiler: require("typescript") };
  const { blank, compiler } = loaded;
  const { ScriptKind, ScriptTarget } = compiler;
  const kind = isJsx ? ScriptKind.TSX : ScriptKind.TS;
  const source = compiler.createSourceFile("source.ts", text, ScriptTarget.ESNext, false, kind);
  const { parseDiagnostics: problems } = source as { parseDiagnostics?: readonly unknown[] };
  if (problems === undefined || problems.length > 0) return null;
  const plain = blank.blankSourceFile(source);
  return plain.length === text.length ? plain : null;
}
