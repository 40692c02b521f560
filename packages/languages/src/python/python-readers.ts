/**
 * What is read of Python.
 *
 * Folder: what is read of Python.
 */

import type { Readers } from "../language.ts";
import { addedFunctions } from "../shared/additions/added-functions.ts";
import { namesMentioned } from "../shared/mentioned-names.ts";
import { referencesIn } from "../shared/references.ts";
import { givenNames, topDeclarations } from "../shared/top-declarations.ts";
import { fieldOf, nodesIn, textOf } from "../tree/print-syntax.ts";
import { pythonAdditions } from "./added-function.ts";
import { pythonBranches } from "./branches.ts";
import { readPythonSource } from "./expectations.ts";
import { readPythonImport } from "./imported-files.ts";
import { probePython } from "./probe.ts";
import { pythonSurroundings } from "./surroundings.ts";
import { readPythonTests } from "./test-readings.ts";

export const pythonReaders: Readers = {
  surroundings: pythonSurroundings,
  tests: readPythonTests,
  additions: (path, before, after) => addedFunctions(pythonAdditions, path, before, after),
  testPaths: ({ root }) =>
    [...nodesIn(root)].flatMap((node) => {
      const name = node.name === "function_definition" ? fieldOf(node, "name") : undefined;
      return name !== undefined && textOf(name).startsWith("test") ? [[textOf(name)]] : [];
    }),
  names: namesMentioned,
  actingComments: () => [],
  branches: pythonBranches,
  probe: probePython,
  expectations: readPythonSource,
  references: (path, text) => referencesIn(path, text, readPythonImport),
  declarations: (tree) => topDeclarations(tree, givenNames),
};
