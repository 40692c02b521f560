/** Hostile text is read within bounds of size, depth and time; a text beyond them is refused as a whole. */
import { expect, it } from "vitest";
import { parseText } from "../../src/tree/grammars.ts";
import { type SyntaxNode, sourceCharactersMax, UnreadableText } from "../../src/tree/syntax-node.ts";
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
])("reads %s of Python to some depth, and refuses deeper ones", (_, nested) => {
  expect(read(nested(300)).errors).toEqual([]);
  expect(() => read(nested(2000))).toThrow(UnreadableText);
});

it.each([
  ["brackets", (depth: number) => `x = ${"(".repeat(depth)}1${")".repeat(depth)};`],
  ["blocks", (depth: number) => `${"{".repeat(depth)}x${"}".repeat(depth)}`],
  ["functions", (depth: number) => `x = ${"a => (".repeat(depth / 2)}1${")".repeat(depth / 2)};`],
])("reads %s of JavaScript to some depth, and refuses deeper ones", (_, nested) => {
  for (const path of ["a.js", "a.ts", "a.tsx"]) {
    expect(readSyntax(nested(300), path).errors).toEqual([]);
    expect(() => readSyntax(nested(2000), path)).toThrow(UnreadableText);
  }
});

it("reads a text within the bounds, and refuses one beyond them", () => {
  const text = "a = [b, c, d]\n".repeat(2000);
  const usual = { nodesMax: 100_000, depthMax: 10, parseMsMax: 20_000 };
  expect(parseText(text, "python", usual).root.children).toHaveLength(2000);
  expect(() => parseText(text, "python", { ...usual, nodesMax: 1000 })).toThrow("more than 1000 syntax nodes");
  expect(() => parseText(text, "python", { ...usual, depthMax: 4 })).toThrow("nested deeper than 4");
  expect(() => parseText(text, "python", { ...usual, parseMsMax: -1 })).toThrow("not parsed within");
  // A stopped parse leaves nothing behind for the next text.
  expect(parseText("a\n", "python").root.children).toHaveLength(1);
  expect(() => read("#".repeat(sourceCharactersMax + 1))).toThrow("characters");
});

it.each([
  ["a carriage return in a comment", "# one\r    return\n"],
  ["an encoding that writes line ends otherwise", "# -*- coding: unicode_escape -*-\n# one\\n    return\n"],
  ["an encoding with other letters in the second line", "#!/usr/bin/python\n# vim: set fileencoding=utf-7 :\nx = 1\n"],
])("counts %s as an error, because Python may see more lines than the grammar", (_, text) => {
  expect(read(text).errors).toHaveLength(1);
});

it.each([
  "# one\r\nx = 1\r\n",
  "# coding: utf-8\nx = 1\n",
  "#!/bin/x\n# coding=latin-1\n",
  "x = 1\n\n# coding: utf-7\n",
])("reads the Python text %j without an error", (text) => {
  expect(read(text).errors).toEqual([]);
});

it("counts a missing node as an error, and a stopped parse does not affect the next text", () => {
  expect(readSyntax("package a\nfunc f() { g( }\n", "a.go").errors.length).toBeGreaterThan(0);
  for (const text of ["x = (1\n", "def f(:\n  pass\n", "x = [1, 2\ny = 3\n"])
    expect(read(text).errors.length, text).toBeGreaterThan(0);
  expect(() => parseText("a = 1\n".repeat(20_000), "python", { nodesMax: 1e6, depthMax: 10, parseMsMax: -1 })).toThrow(
    "not parsed within",
  );
  expect(read("b\n").root.to).toBe(2);
});

it("lists each place that the grammar can't read, and reads the rest", () => {
  const { errors, root } = read("a = 1\nb = = 2\nc = 3\nd = ]\ne = 4\n");
  expect(errors.length).toBeGreaterThan(1);
  expect(root.children.filter(({ name }) => name === "expression_statement").length).toBeGreaterThan(2);
  expect(read("a = 1\nb = 2\n").errors).toEqual([]);
});

it("reads Rust to some depth and size, and refuses deeper and larger texts", () => {
  const nested = (depth: number) => readSyntax(`fn a() { ${"(".repeat(depth)}1${")".repeat(depth)} }\n`, "a.rs");
  expect(nested(300).errors).toEqual([]);
  expect(() => nested(2000)).toThrow(UnreadableText);
  const rows = "#[a] fn b() {}\n".repeat(2000);
  const usual = { nodesMax: 100_000, depthMax: 10, parseMsMax: 20_000 };
  expect(parseText(rows, "rust", usual).root.children).toHaveLength(4000);
  expect(() => parseText(rows, "rust", { ...usual, nodesMax: 1000 })).toThrow("more than 1000 syntax nodes");
});

it.each([
  ["the name of a type for a macro", 'fn a() { b = str![["c"]]; }\n'],
  ["a sign that only macros know", "a! { b ~ c }\n"],
  ["several attributes of a parameter", '#[a] fn b(#[c] #[d(1, "e")] /* f */ #[g] h: u8, #[i] #[j] k: u8) {}\n'],
  ["a raw C text", 'fn a() { b(cr#""// ""#); }\n'],
  ["letters of two units wherever they are", `fn a() { [ ${"'𐳛', ".repeat(4000)}] }\n`],
  ["a line for the system", "#!/usr/bin/env x\nfn a() {}\n"],
])("reads %s in Rust without an error", (_, text) => {
  expect(readSyntax(text, "a.rs").errors).toEqual([]);
});

it.each([
  ["an attribute that looks like a line for the system", "#! [cfg(any())]\nfn a() {}\n"],
  ["an attribute after `#!` and a comment", "#! // a\n[cfg(any())]\nfn a() {}\n"],
  ["an attribute of a parameter that is not closed", "fn a(#[b] #[c d: u8) {}\n"],
  ["what is no attribute before a parameter", "fn a(#[b] c #[d] e: u8) {}\n"],
  ["a test among parameters", "fn a(#[b] } #[test] fn c() { #[d] e: u8) {}\n"],
])("counts %s in Rust as an error", (_, text) => {
  expect(readSyntax(text, "a.rs").errors.length).toBeGreaterThan(0);
});

it("moves attributes of Rust into their items and statements only", () => {
  const text = "#![a]\n#[b] // c\n#[d]\nfn e() { #[f] let g = 1; #[h] i(); }\nmod j { #[k] mod l; m!(); }\n";
  const attributes = (node: SyntaxNode): string[] => {
    const own = node.children.filter(({ name }) => name === "attribute_item");
    return [
      ...(own.length === 0 ? [] : [`${node.name} ${own.map(({ from, to }) => text.slice(from, to)).join("")}`]),
      ...node.children.flatMap(attributes),
    ];
  };
  expect(attributes(readSyntax(text, "a.rs").root)).toEqual([
    "function_item #[b]#[d]",
    "let_declaration #[f]",
    "expression_statement #[h]",
    "mod_item #[k]",
  ]);
});
