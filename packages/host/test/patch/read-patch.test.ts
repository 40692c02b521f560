/** The patch reader on git's output and on invented patches. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { parsePatch, patchLines, readHunkHeader } from "../../src/patch/read-patch.ts";

const patch = [
  'diff --git "a/t\\303\\244b\\t.txt" "b/t\\303\\244b\\t.txt"',
  "index 1..2 100644",
  '--- "a/t\\303\\244b\\t.txt"',
  '+++ "b/t\\303\\244b\\t.txt"',
  "@@ -1,3 +1,2 @@ function a() {",
  " one\r",
  "--- a/not/a/name",
  "-@@ -9 +9 @@",
  "+last",
  "\\ No newline at end of file",
  "diff --git a/old name b/new name",
  "rename from old name",
  "rename to new name",
  "diff --git a/x.png b/x.png",
  "Binary files a/x.png and b/x.png differ",
  "",
].join("\n");

it("reads names in quotes, renames and binary files, and counts lines that only look like headers", () => {
  const { files, lines } = parsePatch(patch);
  expect(files.map(({ names }) => [...names])).toEqual([["t\u00e4b\t.txt"], ["old name", "new name"], ["x.png"]]);
  const body = lines.flatMap(({ text, oldLine, newLine }) =>
    (oldLine ?? newLine) === null ? [] : [[text, oldLine, newLine]],
  );
  expect(body).toEqual([
    [" one\r", 1, 1],
    ["--- a/not/a/name", 2, null],
    ["-@@ -9 +9 @@", 3, null],
    ["+last", null, 2],
  ]);
  expect([...(files[0]?.visibleLines ?? [])]).toEqual([1, 2, 3]);
});

it("accepts a name in a patch only with the prefix of its side", () => {
  const lines = ["diff --git x/one x/one", "--- b/two", "+++ a/three", "diff --git a/four b/four", "--- /dev/null"];
  expect(parsePatch(`${lines.join("\n")}\n`).files.map(({ names }) => [...names])).toEqual([[], ["four"]]);
});

it("parses the head of a hunk and nothing else", () => {
  expect(readHunkHeader("@@ -1 +2,0 @@ a")).toEqual({
    oldStart: 1,
    oldLines: 1,
    newStart: 2,
    newLines: 0,
    section: " a",
  });
  for (const text of ["@@ -1 +1", "-@@ -1 +1 @@", "@@ -a +1 @@", ""]) expect(readHunkHeader(text)).toBeNull();
});

it("reads a hunk whatever line of code git repeats in its header", () => {
  for (const odd of ["\r", "\u2028", "\u2029", "\u0085"]) {
    const section = ` say("a${odd}b") {`;
    const body = [
      "diff --git a/x.js b/x.js",
      "--- a/x.js",
      "+++ b/x.js",
      `@@ -9 +9 @@${section}`,
      "--- a/forged",
      "+b",
    ];
    const { files } = parsePatch(`${body.join("\n")}\n`);
    expect(files.map(({ names, visibleLines }) => [[...names], [...visibleLines]])).toEqual([[["x.js"], [9]]]);
    expect(readHunkHeader(body[3] ?? "")?.section).toBe(section);
  }
});

it("returns every line of any text", () => {
  const pieces = fc.constantFrom(
    "@@ -1,2 +1 @@",
    "diff --git a/x b/x",
    "+a",
    "-b",
    " c",
    "\\ No newline",
    '--- "a/\\',
    "",
    "\r",
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 30 }), (lines) => {
      expect([...patchLines(`${lines.join("\n")}\n`)].map(({ text }) => text)).toEqual(
        lines.length === 0 ? [""] : lines,
      );
    }),
  );
});
