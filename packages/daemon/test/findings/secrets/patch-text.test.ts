/** How a patch is taken apart for the search: both sides whole, with line numbers, and nothing read across a gap. */
import { expect, it } from "vitest";
import { patchTexts } from "../../../src/findings/secrets/patch-text.ts";

it("gives each side of a file with its line numbers and a gap before each hunk, and what is outside of hunks", () => {
  const header = ["diff --git a/a.js b/a.js", "--- a/a.js", "+++ b/a.js"];
  const hunks = ["@@ -1,2 +1,2 @@", " one", "-two", "+2", "@@ -9 +9 @@ call('x\u2028y')", "-nine", "+9"];
  expect(patchTexts(`${[...header, ...hunks].join("\n")}\n`)).toEqual([
    { path: "a.js", text: "\none\ntwo\n\nnine", lines: [0, 1, 2, 0, 9] },
    { path: "a.js", text: "\none\n2\n\n9", lines: [0, 1, 2, 0, 9] },
    { path: "patch", text: [...header, hunks[0], hunks[4]].join("\n"), lines: [] },
  ]);
});
