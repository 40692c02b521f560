/** Which changed files are code whose runs are measured. */

import { codeLanguage } from "@aedev/languages/shared/code-language";
import { expect, it } from "vitest";

it.each([
  ["lib/a.js", "", "javascript"],
  ["lib/a.d.js", "", "javascript"],
  ["lib/a.d.ts", "", "none"],
  ["lib/a.d.mts", "", "none"],
  ["lib/rates.config.js", "", "javascript"],
  ["src/app.config.ts", "", "javascript"],
  ["node_modules/h/index.js", "", "javascript"],
  ["lib/a.es6", "", "javascript"],
  ["bin/tool", "#!/usr/bin/env node\n1", "javascript"],
  ["bin/tool", "#!/usr/bin/python3\n1", "python"],
  ["bin/tool", "#!/bin/sh\n1", null],
  ["LICENSE", "Copyright", "none"],
  ["lib/a.pyw", "", "python"],
  ["lib/a.py", "", "python"],
  ["lib/a.go", "", "go"],
  ["lib/a_test.go", "", "none"],
  ["src/a.rs", "", null],
  ["data.json", "", "none"],
])("%s with %j: %s", (path, text, language) => {
  expect(codeLanguage(path, text)).toBe(language);
});
