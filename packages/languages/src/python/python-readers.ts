/**
 * The readers of Python: its tests, and the rules about its code.
 *
 * Folder: reads Python's code and tests.
 */

import { posix } from "node:path";
import type { Readers } from "../language.ts";
import { addedFunctions } from "../shared/added-functions.ts";
import { namesMentioned } from "../shared/mentioned-names.ts";
import { type ReferringFile, referencesIn } from "../shared/references.ts";
import { givenNames, topDeclarations } from "../shared/top-declarations.ts";
import { fieldOf, nodesIn, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode } from "../tree/syntax-node.ts";
import { pythonAdditions } from "./added-function.ts";
import { pythonBranches } from "./branches.ts";
import { readPythonSource } from "./expectations.ts";
import { probePython } from "./probe.ts";
import { importOf, pythonImport } from "./python-syntax.ts";
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

/** Notes the modules of `import a.b as c, d`, `from a import b, c` or `from ..a import (b)`. */
function readPythonImport(statement: SyntaxNode, { path, found }: ReferringFile): void {
  if (!pythonImport.test(statement.name)) return;
  const { module, names } = importOf(statement);
  const members = names.map(({ name }) => name);
  if (module === null) found.names.push(...members);
  else if (!module.startsWith(".")) found.names.push(module, ...members.map((name) => `${module}.${name}`));
  else {
    const dots = module.replace(/[^.].*$/u, "").length;
    const above = Array.from({ length: dots - 1 }, () => "..");
    const folder = posix.join(posix.dirname(path), ...above, ...module.slice(dots).split("."));
    found.paths.push(folder, ...members.map((name) => posix.join(folder, name)));
  }
}
