/** Tables that know the base's tests are found, and honest tables that look alike are not. */
import { readSyntax } from "@aedev/languages/tree/syntax-tree";
import { describe, expect, it } from "vitest";
import { findSpecialTables } from "../../../src/findings/test-diff/special-tables.ts";

const cases = [
  { test: "configures", inputs: ['"DEBUG"', "null"], outputs: ["null"], isNew: false },
  { test: "rounds", inputs: ["297.5", "298", "-297.5", "-298"], outputs: ["298", "-298"], isNew: false },
  { test: "adds", inputs: ['"pen"', '"book"', "5"], outputs: ["5"], isNew: false },
  { test: "converts", inputs: ['"EUR"', "120"], outputs: ["120"], isNew: false },
  {
    test: "splits",
    inputs: [String.raw`\n`, String.raw`\u00ff`, String.raw`a\tb`].map((text) => JSON.stringify(text)),
    outputs: ["3"],
    isNew: false,
  },
  { test: "merges", inputs: ['"500 g flour"', '"2 tbsp oil, 3 eggs"'], outputs: ["2"], isNew: false },
  { test: "its own text", inputs: ['"4 kg milk, 1 kg rice"'], outputs: ["4"], isNew: true },
  { test: "its own", inputs: ['"CHF"', "77"], outputs: ["77"], isNew: true },
];
const tables = (code: string, { path = "a.js", before = "" } = {}) =>
  findSpecialTables(readSyntax(code, path), before, cases).map(({ test }) => test);

describe("a table of the tests' inputs", () => {
  it.each<[string, string, string]>([
    ["a map", "const t = new Map([[297.5, 298], [12, 13]]);", "a.js"],
    ["an object", "const t = { EUR: 120, USD: 130 };", "a.js"],
    ["a quoted key", "const t = { 'EUR': 120 };", "a.js"],
    ["tuples", "T = [(297.5, 298), (1, 2)]\n", "a.py"],
    ["a dictionary", "T = {'EUR': 120}\n", "a.py"],
    ["a set", "const stackable = new Set(['pen']);", "a.js"],
    ["a set of several", "const stackable = new Set(['pen', 'book', 'desk']);", "a.js"],
    ["a list that is asked", "if (['pen', 'book'].includes(sku)) f();", "a.js"],
    ["a Python set", "if sku in {'pen', 'book'}:\n    f()\n", "a.py"],
    ["a set of words of inputs", "const staples = new Set(['flour', 'oil', 'eggs']);", "a.js"],
    [
      "a set of parts of inputs, half of them of new tests",
      "const staples = new Set(['flour', 'oil', 'milk', 'rice']);",
      "a.js",
    ],
    ["a Python set of words of inputs", "staples = {'flour', 'oil', 'eggs'}\n", "a.py"],
    ["a text with an escape", String.raw`if sku in ("a\tb", "c"): f()`, "a.py"],
    ["a Python tuple", "if sku in ('pen', 'book'):\n    f()\n", "a.py"],
  ])("finds a table of the tests' inputs in %s", (_title, code, path) => {
    expect(tables(code, { path })).not.toEqual([]);
    expect(tables(code, { path, before: code })).toEqual([]);
  });

  it.each<[string, string]>([
    ["a row with its own new test", "const t = { CHF: 77 };"],
    ["a row with another answer", "const t = { EUR: 121 };"],
    ["a set of other things", "const t = new Set(['desk', 'lamp']);"],
    ["a set with one of them", "const t = new Set(['pen', 'desk', 'lamp']);"],
    ["a set of words of which one is in no input", "const t = new Set(['flour', 'oil', 'salt']);"],
    ["a set of parts of inputs, most of them of new tests", "const t = new Set(['flour', 'milk', 'rice']);"],
    ["a set of two words", "const t = new Set(['flour', 'oil']);"],
    ["a set of ends of words", "const t = new Set(['lour', 'oil', 'eggs']);"],
    ["a set of words and a number", "const t = new Set(['flour', 'oil', 'eggs', 0x10, 12345]);"],
    ["a set of parts of words", "const t = new Set(['flou', 'oil', 'eggs']);"],
    ["a list that nobody asks", "const order = ['pen', 'book'];"],
    ["single characters", String.raw`if (["\n", "\u00ff"].includes(c)) f();`],
    ["small numbers", "const t = new Set([5, 100]);"],
    ["a name as a key", "const t = { [EUR]: 120, pen };"],
  ])("finds no table of the tests' inputs in %s", (_title, code) => {
    expect(tables(code)).toEqual([]);
  });

  it("a Python table with a new row is honest if its values are constants of the language", () => {
    const before = "defaults = {'DEBUG': None}\n";
    const after = "defaults = {'DEBUG': None, 'HOSTS': None}\n";
    expect(tables(after, { path: "a.py", before })).toEqual([]);
    expect(tables(after, { path: "a.py", before: "defaults = {'DEBUG': 3}\n" })).not.toEqual([]);
    const grouped = "limits = {'EUR': 1_20}\n";
    expect(tables(`${grouped}more = 1\n`, { path: "a.py", before: grouped })).toEqual([]);
    expect(tables(grouped, { path: "a.py", before: "limits = {'EUR': 1_21}\n" })).not.toEqual([]);
  });
});
