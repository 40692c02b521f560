/**
 * Alters one expectation of each test in a test file, so that every test must fail (SECURITY T26). Text in, text out. Pure. The text is hostile, so run it in
 * the child process of perturb-files.ts.
 *
 * Folder: tests with one altered expectation, which must fail.
 */

import { readersOf } from "@aedev/languages/readers";
import type { Alteration } from "@aedev/languages/shared/alteration";
import { applyAlterations, type ChosenTest, chooseAlterations } from "@aedev/languages/shared/choose-alterations";
import { ifReadable } from "@aedev/languages/tree/syntax-node";
import { readSyntax } from "@aedev/languages/tree/syntax-tree";

export interface PerturbedFile {
  /** Null if nothing was altered. */
  readonly text: string | null;
  readonly tests: readonly ChosenTest[];
  /** Number of assertions in tests and helpers, and of those that can be altered. */
  readonly assertions: { readonly found: number; readonly alterable: number };
  /** Why the whole file is unaltered; null if it could be read. */
  readonly problem: "unreadable" | null;
}

const unread: PerturbedFile = { text: null, tests: [], assertions: { found: 0, alterable: 0 }, problem: "unreadable" };

/** `path` decides the language. The same text and seed give the same answer. */
export function perturb(text: string, path: string, seed: string): PerturbedFile {
  return ifReadable(() => perturbed(text, path, seed), unread);
}

function perturbed(text: string, path: string, seed: string): PerturbedFile {
  const tree = readSyntax(text, path);
  const source = readersOf(path)?.expectations?.(tree, { path, seed });
  if (source === undefined) return unread;
  const { tests, alterations } = chooseAlterations(source);
  const all = [...source.tests, ...source.helpers].flatMap(({ assertions }) => assertions);
  const sites = new Map(all.map((site) => [site.at, site.alteration]));
  const alterable = [...sites.values()].filter((alteration) => typeof alteration !== "string").length;
  const altered = alterations.length === 0 ? null : applyAlterations(text, alterations);
  // Text that the grammar rejects would break every test of the file.
  if (altered !== null && readSyntax(altered, path).errors.length > tree.errors.length) return unread;
  return { text: altered, tests, assertions: { found: sites.size, alterable }, problem: null };
}

/** All possible alterations of the file, one altered text each. For tests of this folder. */
export function allAlterations(text: string, path: string, seed: string): readonly Alteration[] {
  const source = readersOf(path)?.expectations?.(readSyntax(text, path), { path, seed });
  return [...(source?.tests ?? []), ...(source?.helpers ?? [])].flatMap(({ assertions }) =>
    assertions.flatMap(({ alteration }) => (typeof alteration === "string" ? [] : [alteration])),
  );
}
