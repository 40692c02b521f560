/** Names the path by which the grammar of a measured file is chosen. Pure. */
import type { MeasuredLanguage } from "./changed-code.ts";

/** The grammar is chosen by the ending of a path, and a program may have none. */
export function grammarPath(path: string, language: MeasuredLanguage): string {
  if (language === "javascript") return /\.[cm]?[jt]sx?$/u.test(path) ? path : "program.js";
  return language === "python" ? "program.py" : path;
}
