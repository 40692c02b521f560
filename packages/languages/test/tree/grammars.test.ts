/** Hostile text is read within bounds of size, depth and errors, and nothing of a text beyond them. */
import { expect, it } from "vitest";
import { parseText } from "../../src/tree/grammars.ts";
import { sourceCharactersMax, UnreadableText } from "../../src/tree/syntax-node.ts";
import { readSyntax } from "../../src/tree/syntax-tree.ts";

const read = (text: string) => readSyntax(text, "a.py");

it.each([
  ["brackets", (depth: number) => `x = ${"(".repeat(depth)}1${")".repeat(depth)}\n`],
  ["operators", (depth: number) => `x = ${"not ".repeat(depth)}1\n`],
  [
    "blocks",
    (depth: number) =>
      Array.from({ length: depth / 2 }, (_, at) => `${" ".repeat(at)}${at + 1 < depth / 2 ? "if x:" : "y"}\n`).join(""),
  ],
])("reads %s to some depth, and refuses more", (_, nested) => {
  expect(read(nested(300)).errors).toEqual([]);
  expect(() => read(nested(2000))).toThrow(UnreadableText);
});

it("reads a text within its bounds, and nothing of one beyond", () => {
  const text = "a = [b, c, d]\n".repeat(2000);
  const usual = { nodesMax: 100_000, depthMax: 10, parseMsMax: 20_000 };
  expect(parseText(text, "python", usual).root.children).toHaveLength(2000);
  expect(() => parseText(text, "python", { ...usual, nodesMax: 1000 })).toThrow("more than 1000 syntax nodes");
  expect(() => parseText(text, "python", { ...usual, depthMax: 4 })).toThrow("nested deeper than 4");
  expect(() => parseText(text, "python", { ...usual, parseMsMax: -1 })).toThrow("not parsed within");
  // What was stopped leaves nothing to the next text.
  expect(parseText("a\n", "python").root.children).toHaveLength(1);
  expect(() => read("#".repeat(sourceCharactersMax + 1))).toThrow("characters");
});

it("lists each place that it can't read, and reads the rest", () => {
  const { errors, root } = read("a = 1\nb = = 2\nc = 3\nd = ]\ne = 4\n");
  expect(errors.length).toBeGreaterThan(1);
  expect(root.children.filter(({ name }) => name === "expression_statement").length).toBeGreaterThan(2);
  expect(read("a = 1\nb = 2\n").errors).toEqual([]);
});
