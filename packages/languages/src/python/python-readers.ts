/**
 * What is read of Python.
 *
 * Folder: what is read of Python.
 */
import type { Readers } from "../language.ts";
import { addedFunctions } from "../shared/additions/added-functions.ts";
import { namesMentioned } from "../shared/mentioned-names.ts";
import { pythonAdditions } from "./added-function.ts";
import { readPythonTests } from "./test-readings.ts";

export const pythonReaders: Readers = {
  tests: readPythonTests,
  additions: (path, before, after) => addedFunctions(pythonAdditions, path, before, after),
  names: namesMentioned,
};
