/** A patch split and joined again is unchanged; an edited patch has counts, starts and blob ids as git prints them. */
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { applyHunks, type PatchedFile, printHunks, readHunks, withNewId } from "../../src/patch/edit-patch.ts";

const id = (letter: string) => letter.repeat(40);
const patch = `diff --git a/lib/add.js b/lib/add.js
index ${id("1")}..${id("2")} 100644
--- a/lib/add.js
+++ b/lib/add.js
@@ -1,4 +1,5 @@
 one
-two
+two and a half
+three
 four
 five
@@ -9,2 +10 @@ function later() {
 nine
-ten
diff --git a/old.txt b/new.txt
new file mode 100644
index ${"0".repeat(40)}..${id("3")}
--- /dev/null
+++ b/new.txt
@@ -0,0 +1,2 @@
+a
+--- b/looks like a header
\\ No newline at end of file
`;
const read = (text: string): PatchedFile[] => {
  const files = readHunks(text);
  if (files === null) throw new Error("the patch is not read");
  return files;
};

describe("a patch", () => {
  it("prints a patch as it was read", () => {
    expect(printHunks(read(patch))).toBe(patch);
    expect(read(patch).map(({ oldPath, newPath, hunks }) => [oldPath, newPath, hunks.length])).toEqual([
      ["lib/add.js", "lib/add.js", 2],
      [null, "new.txt", 1],
    ]);
  });

  it.each([
    ["a quoted name", patch.replace("+++ b/lib/add.js", '+++ "b/lib/\\303\\244.js"')],
    ["a hunk that ends early", `${patch.split("\n").slice(0, 7).join("\n")}\n`],
    ["no end of line", patch.trimEnd()],
    ["text before its first file", `hello\n${patch}`],
  ])("does not read a patch with %s", (_, text) => {
    expect(readHunks(text)).toBeNull();
  });

  it("applies a patch to its own old text, and to no other", () => {
    const [file, added] = read(patch);
    const old = "one\ntwo\nfour\nfive\nsix\nseven\neight\n8\nnine\nten\n";
    expect(applyHunks(old, file?.hunks ?? [])).toBe(
      "one\ntwo and a half\nthree\nfour\nfive\nsix\nseven\neight\n8\nnine\n",
    );
    expect(applyHunks(old.replace("two", "2"), file?.hunks ?? [])).toBeNull();
    expect(applyHunks("", added?.hunks ?? [])).toBe("a\n--- b/looks like a header");
  });

  it("recomputes counts and starts when a line is removed, and the id that git gives the new text", () => {
    const [file] = read(patch);
    if (file === undefined) throw new Error("the patch has a file");
    const [first, second] = file.hunks;
    if (first === undefined || second === undefined) throw new Error("the file has two hunks");
    const fewer = { ...first, lines: first.lines.filter((line) => line !== "+three") };
    const text = printHunks([withNewId({ ...file, hunks: [fewer, second] }, "text\n")]);
    expect(text).toContain("@@ -1,4 +1,4 @@\n");
    expect(text).toContain("@@ -9,2 +9 @@ function later() {\n");
    const blob = createHash("sha1").update("blob 5\0text\n").digest("hex");
    expect(text).toContain(`index ${id("1")}..${blob} 100644\n`);
  });
});
