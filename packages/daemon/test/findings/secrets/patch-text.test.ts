/** A patch is split into its two sides with line numbers, and nothing is read across a gap. */
import { expect, it } from "vitest";
import { patchTexts } from "../../../src/findings/secrets/patch-text.ts";

it("splits a patch into each side with line numbers and gaps before hunks, and the text outside hunks", () => {
  const header = ["diff --git a/a.js b/a.js", "--- a/a.js", "+++ b/a.js"];
  const hunks = ["@@ -1,2 +1,2 @@", " one", "-two", "+2", "@@ -9 +9 @@ call('x\u2028y')", "-nine", "+9"];
  expect(patchTexts(`${[...header, ...hunks].join("\n")}\n`)).toEqual([
    { path: "a.js", text: "\none\ntwo\n\nnine", lines: [0, 1, 2, 0, 9] },
    { path: "a.js", text: "\none\n2\n\n9", lines: [0, 1, 2, 0, 9] },
    { path: "patch", text: [...header, hunks[0], hunks[4]].join("\n"), lines: [] },
  ]);
});
