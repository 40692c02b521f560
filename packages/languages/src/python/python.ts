/** Python: its files and programs. */
import type { Language } from "../language.ts";

export const python: Language = {
  name: "python",
  owns: (path) => /\.py[iw]?$/iu.test(path),
  testParser: "python",
  hasCodeRules: true,
  isMeasured: (path) => !/\.pyi$/iu.test(path),
  program: { firstLine: /^#![^\n]{0,100}\bpython/u, path: "program.py" },
  comment: "#",
  hasIntegers: true,
  hasNamedArguments: true,
  moduleOf: (path) => path.replace(/\.py$/u, "").replaceAll("/", "."),
  // Only tools run the excluded files.
  isReplayed: (path) =>
    path.endsWith(".py") && !/(?:^|\/)(?:site-packages\/|(?:setup|conftest|noxfile)\.py$)/u.test(path),
};
