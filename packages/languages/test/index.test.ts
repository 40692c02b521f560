/** The language in which a file's coverage is measured. */

import { measuredLanguage } from "@aedev/languages";
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
  ["src/A.java", "", null],
  ["src/a.kt", "", null],
  ["data.json", "", "none"],
])("measures %s with the text %j as %s", (path, text, language) => {
  const found = measuredLanguage(path, text);
  expect(found === null || found === "none" ? found : found.name).toBe(language);
});
