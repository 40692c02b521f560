/** Rust: its files. */
import type { Language } from "../language.ts";

export const rust: Language = {
  name: "rust",
  owns: (path) => path.endsWith(".rs"),
  hasTestsInCode: true,
  hasCodeRules: true,
};
