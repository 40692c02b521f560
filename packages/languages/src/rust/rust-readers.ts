/**
 * The readers of Rust: its tests, and the rules about its code.
 *
 * Folder: reads Rust's code and tests.
 */

import type { Readers } from "../language.ts";
import { compiledBranches, compiledRows } from "../shared/compiled-branches.ts";

import { namesMentioned } from "../shared/mentioned-names.ts";
import { labelled } from "../shared/thin/test-form.ts";
import { testSigns } from "../shared/thin/test-signs.ts";
import { textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode } from "../tree/syntax-node.ts";
import { actingRustComments } from "./doc-comments.ts";
import { readRustSource } from "./expectations.ts";
import { rustChanges } from "./only-adds.ts";

import { attributesOf, isTestItem } from "./rust-tests.ts";
import { rustSurroundings } from "./surroundings.ts";
import { rustTestVersions } from "./test-versions.ts";

const calledBy = labelled({ call_expression: "function" });
const testSignForm = {
  /** The name of a called macro, also inside another macro's arguments. */
  labelOf: (node: SyntaxNode) => {
    if (/attribute_item$/u.test(node.name)) return textOf(node);
    if (node.name !== "identifier") return calledBy(node);
    return /^\w+\s*!(?!=)/u.exec(node.tree.text.slice(node.from, node.to + 9))?.[0] ?? null;
  },
  assertion: /^(?:\w+_)?assert\w*\s*!$|(?:^|[.:])(?:assert|expect|verify)\w*$/u,
  skip: /^#!?\s*\[.*\bignore\b/su,
};

export const rustReaders: Readers = {
  surroundings: rustSurroundings,
  signs: (tree) => testSigns(tree, testSignForm),
  testVersions: rustTestVersions,
  additions: (_, before, after) => {
    if (before === "") return null;
    const { tests, others, names } = rustChanges(before, after);
    return others || tests.length > 0 ? null : { names, imported: [] };
  },
  names: namesMentioned,
  actingComments: actingRustComments,
  caseRows: (tree, areAllTests) => compiledRows(areAllTests ? [tree.root] : testItemsIn(tree.root), attributesOf),
  branches: (tree) => compiledBranches(tree, (node) => isTestItem(node)),
  expectations: readRustSource,
};

function testItemsIn(node: SyntaxNode): SyntaxNode[] {
  return isTestItem(node) ? [node] : node.children.flatMap((child) => testItemsIn(child));
}
