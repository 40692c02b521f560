/** A patch is read into files with line numbers; what is not understood stays text. */
import { expect, it } from "vitest";
import { filesOfPatch } from "../../app/src/parts/read-patch.ts";

const patch = `diff --git a/lib/a.js b/lib/a.js
index 1111111..2222222 100644
--- a/lib/a.js
+++ b/lib/a.js
@@ -3,3 +3,3 @@ function a() {
 one
-two
+TWO
 three
\\ No newline at end of file
diff --git a/old.txt b/old.txt
deleted file mode 100644
--- a/old.txt
+++ /dev/null
@@ -1 +0,0 @@
--- x
diff --git a/p.png b/p.png
new file mode 100644
Binary files /dev/null and b/p.png differ
`;

it("numbers the lines of both versions", () => {
  const [first] = filesOfPatch(patch);
  expect(first).toMatchObject({ path: "lib/a.js", added: 1, removed: 1 });
  expect(first?.lines.map(({ kind, before, after, text }) => [kind, before, after, text])).toEqual([
    ["place", null, null, "@@ -3,3 +3,3 @@ function a() {"],
    ["same", 3, 3, "one"],
    ["removed", 4, null, "two"],
    ["added", null, 4, "TWO"],
    ["same", 5, 5, "three"],
    ["place", null, null, "\\ No newline at end of file"],
  ]);
});

it("names deleted and binary files, and takes no removed line for a header", () => {
  const [, deleted, binary] = filesOfPatch(patch);
  expect(deleted).toMatchObject({ path: "old.txt", added: 0, removed: 1 });
  expect(deleted?.lines.at(-1)).toMatchObject({ kind: "removed", text: "-- x" });
  expect(binary?.path).toContain("p.png");
  expect(binary?.lines.map(({ text }) => text)).toEqual([
    "new file mode 100644",
    "Binary files /dev/null and b/p.png differ",
  ]);
  expect(filesOfPatch("")).toEqual([]);
});

it("takes no separator that only JavaScript knows for the end of a row, and drops no row", () => {
  const hidden = [
    "diff --git a/a.js b/a.js",
    "--- a/a.js",
    "+++ b/a.js",
    "@@ -1 +1,3 @@",
    "-x",
    "+/* \u2028diff --git */ evil(process.env); /*",
    "+++ b/README.md */",
    "+y",
    "",
  ].join("\n");
  const files = filesOfPatch(hidden);
  expect(files.map(({ path, added }) => [path, added])).toEqual([["a.js", 3]]);
  expect(files[0]?.lines.map(({ text }) => text).join("\n")).toContain("evil(process.env)");
});
