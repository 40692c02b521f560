/**
 * What is read of Go.
 *
 * Folder: what is read of Go.
 */
import type { Readers } from "../language.ts";
import { compiledBranches } from "../shared/compiled-branches.ts";
import { compiledRows } from "../shared/compiled-rows.ts";
import { givenNames, topDeclarations } from "../shared/top-declarations.ts";
import { readGoSource } from "./expectations.ts";
import { goDefined } from "./go-syntax.ts";
import { actsOnGoPackage, changesExistingGo } from "./only-adds.ts";
import { probeGo } from "./probe.ts";

export const goReaders: Readers = {
  testVersions: ({ status, before, after }) => ({
    before,
    after,
    changedTests: [],
    changed:
      (status === "modified" && changesExistingGo(before, after)) || (status === "added" && actsOnGoPackage(after)),
    names: [],
  }),
  // The compiler refuses a second declaration of a name.
  additions: (_, before, after) => (changesExistingGo(before, after) ? null : { names: [], imported: [] }),
  caseRows: (tree, areAllTests) => (areAllTests ? compiledRows(tree, [tree.root]) : []),
  branches: (tree) => compiledBranches(tree),
  probe: probeGo,
  expectations: readGoSource,
  declarations: (tree) => topDeclarations(tree, (node) => [...givenNames(node), ...goDefined(node)]),
};
