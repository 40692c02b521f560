/** Compares two versions of a test file, in this process. */

import { parsedLanguageOf } from "@aedev/languages/tree/syntax-node";
import { readSyntax } from "@aedev/languages/tree/syntax-tree";
import { type Comparison, compareTests } from "../../../src/findings/test-diff/compare-tests.ts";
import { readJavascriptTests } from "../../../src/findings/test-diff/javascript/read-tests.ts";
import { readPythonTests } from "../../../src/findings/test-diff/python/read-tests.ts";
import { rustChanges } from "../../../src/findings/test-diff/rust/only-adds.ts";
import type { TestFile } from "../../../src/findings/test-diff/syntax/test-file.ts";

export function readTests(text: string, path: string): TestFile {
  const tree = readSyntax(text, path);
  return parsedLanguageOf(path) === "python" ? readPythonTests(tree) : readJavascriptTests(tree);
}

export function compare(before: string, after: string, path = "a.test.js"): Comparison {
  return compareTests(readTests(before, path), readTests(after, path));
}

/** `kind test` of each finding. */
export function found(comparison: Comparison): string[] {
  return comparison.findings.map(({ kind, test }) => `${kind} ${test ?? "-"}`);
}

/** Whether a change of a Rust file of tests does more than add. */
export function changesExistingRust(before: string, after: string): boolean {
  const { tests, others } = rustChanges(before, after);
  return others || tests.length > 0;
}
