/**
 * What is read of JavaScript and TypeScript.
 *
 * Folder: what is read of JavaScript and TypeScript.
 */
import type { Readers } from "../language.ts";
import { addedFunctions } from "../shared/additions/added-functions.ts";
import { namesMentioned } from "../shared/mentioned-names.ts";
import { javascriptAdditions } from "./added-function.ts";
import { readJavascriptTests } from "./test-readings.ts";

export const javascriptReaders: Readers = {
  tests: readJavascriptTests,
  additions: (path, before, after) => addedFunctions(javascriptAdditions, path, before, after),
  names: namesMentioned,
};
