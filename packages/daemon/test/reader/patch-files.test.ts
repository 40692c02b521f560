/** A patch becomes files with counts and numbered lines; nothing of it is lost. */
import { expect, it } from "vitest";
import { filesOfPatch, onlyFile } from "../../src/reader/patch-files.ts";

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
diff --git "a/t\\303\\244b.txt" b/new.txt
similarity index 100%
rename from "t\\303\\244b.txt"
rename to new.txt
diff --git a/p.png b/p.png
new file mode 100644
Binary files /dev/null and b/p.png differ
`;

it("numbers the lines of both versions", () => {
  const [first] = filesOfPatch(patch).files;
  expect(first).toMatchObject({ path: "lib/a.js", renamed_from: null, added: 1, removed: 1, omitted: 0 });
  expect(first?.lines.map(({ kind, before, after, text }) => [kind, before, after, text])).toEqual([
    ["hunk", null, null, "@@ -3,3 +3,3 @@ function a() {"],
    ["same", 3, 3, "one"],
    ["removed", 4, null, "two"],
    ["added", null, 4, "TWO"],
    ["same", 5, 5, "three"],
    ["note", null, null, "\\ No newline at end of file"],
  ]);
});

it("names deleted, renamed and binary files, and takes no removed line for a header", () => {
  const [, deleted, renamed, binary] = filesOfPatch(patch).files;
  expect(deleted).toMatchObject({ path: "old.txt", added: 0, removed: 1 });
  expect(deleted?.lines.at(-1)).toMatchObject({ kind: "removed", text: "-- x" });
  expect(renamed).toMatchObject({ path: "new.txt", renamed_from: "t\u00e4b.txt", added: 0, removed: 0 });
  expect(binary?.path).toBe("p.png");
  expect(binary?.lines.map(({ text }) => text)).toEqual([
    "new file mode 100644",
    "Binary files /dev/null and b/p.png differ",
  ]);
  expect(filesOfPatch("")).toEqual({ files: [], omitted: 0 });
});

it("takes no separator that only JavaScript knows for the end of a line, and drops no line", () => {
  const hidden = [
    "before every file",
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
  const { files } = filesOfPatch(hidden);
  expect(files.map(({ path, added }) => [path, added])).toEqual([
    ["before every file", 0],
    ["a.js", 3],
  ]);
  expect(files[0]?.lines.map(({ text }) => text)).toEqual(["before every file"]);
  expect(files[1]?.lines.map(({ text }) => text).join("\n")).toContain("evil(process.env)");
});

it("limits each file, all files and each line, says what it left out, and has the rest on demand", () => {
  const long = (name: string, count: number) =>
    [
      `diff --git a/${name} b/${name}`,
      `--- a/${name}`,
      `+++ b/${name}`,
      `@@ -0,0 +1,${count} @@`,
      ...Array.from({ length: count }, (_, at) => `+line ${at}`),
    ].join("\n");
  const many = `${Array.from({ length: 10 }, (_, at) => long(`${at}.txt`, 1000)).join("\n")}\n`;
  const { files } = filesOfPatch(many);
  expect(files.map(({ lines, omitted }) => lines.length + omitted)).toEqual(files.map(() => 1001));
  expect(files[0]).toMatchObject({ added: 1000, omitted: 601 });
  expect(files.reduce((sum, { lines }) => sum + lines.length, 0)).toBe(3000);
  const first = onlyFile(many, { file: 3, from: 400 });
  expect(first).toMatchObject({ path: "3.txt", added: 1000, omitted: 0 });
  expect(first?.lines.map(({ text }) => text)).toEqual(Array.from({ length: 601 }, (_, at) => `line ${at + 399}`));
  expect(onlyFile(many, { file: 10, from: 0 })).toBeNull();
  const wide = filesOfPatch(long("a.txt", 1).replace("line 0", "x".repeat(3000))).files[0]?.lines.at(-1);
  expect([wide?.text.length, wide?.truncated]).toEqual([2000, 1000]);
  expect(filesOfPatch(Array.from({ length: 301 }, (_, at) => long(`${at}`, 1)).join("\n"))).toMatchObject({
    omitted: 1,
  });
});
