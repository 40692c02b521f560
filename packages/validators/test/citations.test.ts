/** What can be cited: the patch's files under their real names, the lines it shows, the bundle's entries. */
import { bundleManifestSchema, type JudgeAnswer } from "@aedev/contracts";
import { parsePatch } from "@aedev/host/patch/read-patch";
import { expect, test } from "vitest";
import { inventedCitation } from "../src/citations.ts";

const patch = parsePatch(`diff --git a/with space.js b/with space.js
--- a/with space.js\t
+++ b/with space.js\t
@@ -5,3 +5,2 @@
 five
--- a/forged.js
 seven
@@ -20 +19,2 @@ context
-twenty
+nineteen
+twenty
\\ No newline at end of file
diff --git "a/caf\\303\\251 \\"q\\".js" "b/caf\\303\\251 \\"q\\".js"
new file mode 100644
--- /dev/null
+++ "b/caf\\303\\251 \\"q\\".js"
@@ -0,0 +1 @@
+one
diff --git a/gone.js b/gone.js
deleted file mode 100644
--- a/gone.js
+++ /dev/null
@@ -1,2 +0,0 @@
-one
-two
diff --git a/bin/run b/bin/run
old mode 100644
new mode 100755
`);
const manifest = bundleManifestSchema.parse({ schema: 1, parent: null, entries: {} });
type Citation = JudgeAnswer["criteria"][number]["citations"][number];
const holds = (citation: Citation) =>
  inventedCitation(
    {
      nonce: "",
      bundle_digest: "",
      verdict: "pass",
      criteria: [{ id: "c1", result: "met", citations: [citation] }],
      defects: [],
      confidence: 1,
    },
    { manifest, patch },
  ) === null;

const cases: [string, number, boolean][] = [
  ["with space.js", 5, true],
  ["with space.js", 7, true],
  ["with space.js", 8, false],
  ["with space.js", 20, true],
  ["with space.js", 21, false],
  ["with space.js", 0, false],
  ["with space.js", -5, false],
  ["forged.js", 5, false],
  ["forged.js", 6, false],
  ['café "q".js', 1, true],
  ['café "q".js', 2, false],
  ["gone.js", 2, true],
  ["gone.js", 3, false],
  ["/dev/null", 1, false],
  ["dev/null", 1, false],
  ["bin/run", 0, true],
  ["bin/run", 1, false],
  ["b/gone.js", 1, false],
];
for (const [file, line, valid] of cases)
  test(`${JSON.stringify(file)} line ${line} ${valid ? "can" : "can't"} be cited`, () => {
    expect(holds({ file, line })).toBe(valid);
  });

test("refuses to cite an entry that the manifest does not name, even an object's own method", () => {
  expect(holds({ evidence: "patch" })).toBe(false);
  expect(holds({ evidence: "hasOwnProperty" })).toBe(false);
});
test("finds no file in text that is not a patch", () => {
  expect(parsePatch("hello\n@@ -1 +1 @@\n+x").files).toEqual([]);
});
