/** One line split into code, marks, texts and regular expressions; the callers' tests cover their use. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: template strings of other programs are split here.
import assert from "node:assert/strict";
import fc from "fast-check";
import { expect, it } from "vitest";
import { sourceLanguageOf } from "../../src/source-text/source-language.ts";
import { scanOfCode, splitSourceLine } from "../../src/source-text/source-line.ts";

function split(path: string, line: string) {
  const language = sourceLanguageOf(path);
  assert(language !== null);
  return splitSourceLine(line, scanOfCode, language);
}
const ofKind = (kind: string, path: string, line: string) =>
  split(path, line)
    .pieces.filter((piece) => piece.kind === kind)
    .map(({ text }) => text);

it("distinguishes a string's text, its quotes, a regular expression and code", () => {
  const line = "f('x', `a${b}c`, /['\"]/); // words";
  expect(ofKind("text", "a.ts", line)).toEqual(["x", "a", "c", " words"]);
  expect(ofKind("mark", "a.ts", line)).toEqual(["'", "'", "`", "${", "}", "`", "//"]);
  expect(ofKind("regex", "a.ts", line)).toEqual(["/['\"]/"]);
  expect(ofKind("code", "a.ts", line).join("")).toBe("f(, b, ); ");
  expect(ofKind("code", "a.ts", "`${{ a }.a}`").join("")).toBe("{ a }.a");
});

it("reports an open string only if it can't continue on the next line", () => {
  expect(split("a.ts", "f('x").isUnterminated).toBe(true);
  for (const line of ["f('x')", "f('x\\", "f(`x", "/* x"]) expect(split("a.ts", line).isUnterminated).toBe(false);
  expect(split("a.py", '"""x').isUnterminated).toBe(false);
});

it("splits any line into pieces that join to the line", () => {
  const signs = fc.constantFrom(
    "'",
    '"',
    "`",
    "/",
    "*",
    "#",
    "${",
    "}",
    "{",
    "\\",
    "a",
    " ",
    "<!--",
    "-->",
    "[[",
    "--",
  );
  const path = fc.constantFrom("a.js", "a.py", "a.sql", "a.html", "a.rs", "a.lua", "a.php", "a.vue");
  fc.assert(
    fc.property(path, fc.string({ unit: signs, maxLength: 40 }), (name, line) => {
      expect(
        split(name, line)
          .pieces.map(({ text }) => text)
          .join(""),
      ).toBe(line);
    }),
    { numRuns: 500 },
  );
});
