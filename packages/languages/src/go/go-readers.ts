/**
 * The readers of Go: its tests, and the rules about its code.
 *
 * Folder: reads Go's code and tests.
 */

import type { Readers } from "../language.ts";
import { compiledBranches, compiledRows } from "../shared/compiled-branches.ts";

import { labelled } from "../shared/thin/test-form.ts";
import { testSigns } from "../shared/thin/test-signs.ts";
import { givenNames, topDeclarations } from "../shared/top-declarations.ts";
import { readGoSource } from "./expectations.ts";
import { goDefined } from "./go-syntax.ts";
import { actsOnGoPackage, changedGo, changesExistingGo } from "./only-adds.ts";
import { probeGo } from "./probe.ts";
import { goSurroundings } from "./surroundings.ts";

const testSignForm = {
  labelOf: labelled({ call_expression: "function" }),
  assertion:
    /(?:^|\.)(?:assert|expect|require|verify)\w*(?:\.\w+)*$|^(?:t|tt|tb|st|a|test)\.(?:Error|Errorf|Fatal|Fatalf|Fail|FailNow|EQ|NE)$/u,
  skip: /^\w+\.Skip(?:f|Now)?$/u,
};

export const goReaders: Readers = {
  surroundings: goSurroundings,
  signs: (tree) => testSigns(tree, testSignForm),
  testVersions: ({ status, before, after }) => {
    const { isShared, edited } = status === "modified" ? changedGo(before, after) : { isShared: false, edited: [] };
    const changed = isShared || (status === "added" && actsOnGoPackage(after));
    return { before, after, changedTests: edited, changed, names: [] };
  },
  // The compiler refuses a second declaration of a name.
  additions: (_, before, after) => (changesExistingGo(before, after) ? null : { names: [], imported: [] }),
  // All comments act in a file with an example's expected output, or with C above `import "C"`.
  actingComments: (comments, text) =>
    /^\/[/*]\s*(?:unordered )?output:/imu.test(comments.join("\n")) || text.includes('"C"')
      ? comments
      : comments.filter((one) => /^\/\/(?:export|line|extern)\b/u.test(one)),
  caseRows: (tree, areAllTests) => (areAllTests ? compiledRows([tree.root]) : []),
  branches: (tree) => compiledBranches(tree),
  probe: probeGo,
  expectations: readGoSource,
  declarations: (tree) => topDeclarations(tree, (node) => [...givenNames(node), ...goDefined(node)]),
};
