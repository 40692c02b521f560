/** Compares two versions of a test file in this process, for tests. */

import { readersOf } from "@aedev/languages/readers";
import { rustChanges } from "@aedev/languages/rust/only-adds";
import type { TestFile } from "@aedev/languages/shared/test-file";
import { readSyntax } from "@aedev/languages/tree/syntax-tree";
import { type Comparison, compareTests } from "../../../src/findings/test-diff/compare-tests.ts";

export function readTests(text: string, path: string): TestFile {
  const readers = readersOf(path);
  if (readers?.tests === undefined) throw new Error(`no tests are read in ${path}`);
  return readers.tests(readSyntax(text, path));
}

export function compare(before: string, after: string, path = "a.test.js"): Comparison {
  return compareTests(readTests(before, path), readTests(after, path));
}

/** The kind and the test of each finding. */
export function found(comparison: Comparison): string[] {
  return comparison.findings.map(({ kind, test }) => `${kind} ${test ?? "-"}`);
}

/** Whether a change of a Rust file of tests does more than add. */
export function changesExistingRust(before: string, after: string): boolean {
  const { tests, others } = rustChanges(before, after);
  return others || tests.length > 0;
}
