/**
 * Shell scripts: bats and shunit2.
 *
 * Folder: tests of shell scripts.
 */
import type { Language } from "../language.ts";
import { labelled } from "../shared/thin/test-form.ts";

export const shell: Language = {
  name: "shell",
  owns: (path) => /\.(?:sh|bash|bats)$/iu.test(path),
  tests: {
    labelOf: labelled({ command: "name" }),
    assertion: /^(?:assert|refute|fail|expect|check)/u,
    skip: /^(?:skip|startSkipping)$/u,
    groups: /^$/u,
    method: "function_definition",
    testName: /^test|^@test\s+(?:"[^"$`\\]*|'[^']*)$/u,
    reaching: /^(?:function_definition|source|\.|exit|export|trap|load)$/u,
    // For the grammar, bats' `@test "…" {` becomes a function of the same length.
    readable: (text) =>
      text.replaceAll(
        /^([ \t]*)(@test[ \t][^\n{]{2,300})(?=\{[ \t]*$)/gmu,
        (_, indent: string, head: string) => `${indent}${"t".repeat(head.length - 2)}()`,
      ),
  },
};
