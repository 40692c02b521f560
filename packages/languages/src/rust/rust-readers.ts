/**
 * What is read of Rust.
 *
 * Folder: what is read of Rust.
 */
import type { Readers } from "../language.ts";
import { compiledBranches } from "../shared/compiled-branches.ts";
import { compiledRows } from "../shared/compiled-rows.ts";
import { namesMentioned } from "../shared/mentioned-names.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";
import { readRustSource } from "./expectations.ts";
import { rustChanges } from "./only-adds.ts";
import { attributesOf } from "./rust-syntax.ts";
import { isTestItem } from "./rust-tests.ts";
import { rustTestVersions } from "./test-versions.ts";

export const rustReaders: Readers = {
  testVersions: rustTestVersions,
  additions: (_, before, after) => {
    if (before === "") return null;
    const { tests, others, names } = rustChanges(before, after);
    return others || tests.length > 0 ? null : { names, imported: [] };
  },
  names: namesMentioned,
  caseRows: (tree, areAllTests) =>
    compiledRows(tree, areAllTests ? [tree.root] : testItemsIn(tree, tree.root), attributesOf),
  branches: (tree) => compiledBranches(tree, (node) => isTestItem(tree, node)),
  expectations: readRustSource,
};

function testItemsIn(tree: SyntaxTree, node: SyntaxNode): SyntaxNode[] {
  return isTestItem(tree, node) ? [node] : node.children.flatMap((child) => testItemsIn(tree, child));
}
