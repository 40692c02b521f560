/** JavaScript and TypeScript: their files and programs. */
import type { Language } from "../language.ts";

const onlyTypes = /\.d\.[cm]?ts$/iu;

export const javascript: Language = {
  name: "javascript",
  owns: (path) => /\.(?:[cm]?[jt]sx?|es6|jsm)$/iu.test(path),
  testParser: "javascript",
  hasCodeRules: true,
  isMeasured: (path) => !onlyTypes.test(path),
  program: { firstLine: /^#![^\n]{0,100}\b(?:node|tsx|deno|bun)\b/u, path: "program.js" },
  comment: "//",
  isReplayed: (path) =>
    /\.(?:[cm]?[jt]s|[jt]sx)$/u.test(path) &&
    !onlyTypes.test(path) &&
    !/(?:^|\/)(?:node_modules\/|[^/]*\.config\.[cm]?[jt]s$)/u.test(path),
};
