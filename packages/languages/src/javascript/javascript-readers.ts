/**
 * The readers of JavaScript and TypeScript: their tests, and the rules about their code.
 *
 * Folder: reads JavaScript's and TypeScript's code and tests.
 */

import type { Readers } from "../language.ts";
import { addedFunctions } from "../shared/added-functions.ts";

import { namesMentioned } from "../shared/mentioned-names.ts";
import { referencesIn } from "../shared/references.ts";
import { scriptBranches } from "../shared/script-branches.ts";
import { topDeclarations } from "../shared/top-declarations.ts";
import { partsIn, partsOf } from "../tree/print-syntax.ts";
import { javascriptAdditions } from "./added-function.ts";
import { readJavascriptSource } from "./expectations.ts";
import { declaredBy, isVariableDeclaration } from "./javascript-syntax.ts";
import { testPaths } from "./javascript-tests.ts";
import { probeJavaScript } from "./probe.ts";
import { javascriptSurroundings } from "./surroundings.ts";
import { readJavascriptTests } from "./test-readings.ts";

export const javascriptReaders: Readers = {
  surroundings: javascriptSurroundings,
  tests: readJavascriptTests,
  additions: (path, before, after) => addedFunctions(javascriptAdditions, path, before, after),
  testPaths,
  names: namesMentioned,
  actingComments: () => [],
  branches: (tree) => scriptBranches(tree),
  probe: probeJavaScript,
  expectations: readJavascriptSource,
  references: (path, text) => referencesIn(path, text),
  declarations: (tree) =>
    topDeclarations(tree, (node) =>
      isVariableDeclaration(node) ? partsOf(node).flatMap(declaredBy) : partsIn(node, "name"),
    ),
};
