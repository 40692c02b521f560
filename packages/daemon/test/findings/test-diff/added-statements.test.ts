/** A helper of the tests may get statements of a few forms, if existing tests still notice what they noticed; any other statement at its top may do something to them. */
import { expect, it } from "vitest";
import { addedFunctions, addedStatements } from "../../../src/findings/test-diff/test-support/added-functions.ts";

const samples = [
  "import { readFileSync } from 'node:fs';",
  "import { Shop } from '../src/shop.js';",
  "const read = (name) => JSON.parse(readFileSync(new URL(`../data/$\u007bname}.json`, import.meta.url), 'utf8'));",
  "export const day = read('day');",
  "export const towns = JSON.parse(readFileSync(new URL('../data/towns.json', import.meta.url), 'utf8'));",
  "export const shop = new Shop(day);",
  "export const open = shop.open('monday');",
  "export const close = (a, b) => Math.abs(a - b) < 0.01;",
  "",
].join("\n");
const python = [
  "import json",
  "from pathlib import Path",
  "",
  "EXAMPLES = Path(__file__).parent",
  "",
  "def read(name):",
  "    return (EXAMPLES / name).read_text()",
  "",
  'DAY = read("day.txt")',
  'TOWNS = json.loads((EXAMPLES / "towns.json").read_text())',
  "tolerance(2)",
  "",
].join("\n");
const chai = [
  "const chai = require('chai');",
  "chai.use(({ Assertion }) => {",
  "  Assertion.addMethod('skus', function (list) { this.assert(this._obj === list, 'no', 'yes'); });",
  "});",
  "chai.config.truncateThreshold = 0;",
  "",
].join("\n");
const plugin = (inner: string) => `chai.use(({ Assertion }) => {\n  ${inner}\n});\n`;
const check = [
  "'use strict';",
  "const { readFileSync } = require('node:fs');",
  "const shop = require('../lib');",
  "const rows = JSON.parse(readFileSync('rows.json', 'utf8'));",
  "for (const { name } of rows) if (name === '') throw new Error('empty');",
  "",
].join("\n");

it.each<[string, string, string, string[], string[]]>([
  ["another constant that is read", samples, "export const night = read('night');\n", ["night"], ["night"]],
  [
    "another file of data",
    samples,
    "export const streets = JSON.parse(readFileSync(new URL('../data/streets.json', import.meta.url), 'utf8'));\n",
    ["streets"],
    ["../data/streets.json", "utf8"],
  ],
  ["a constant of its own", samples, "export const limits = { low: [1, -2], high: 3 };\n", ["limits"], []],
  [
    "an error for data",
    check,
    "const names = new Set(rows.map(({ name }) => name));\nif (names.size !== rows.length) throw new Error(`twice: $\u007bnames.size}`);\n",
    ["names"],
    [],
  ],
  ["an error in braces", check, "if (rows.some((row) => !row.name)) { throw new TypeError('no name'); }\n", [], []],
  [
    "a new assertion",
    chai,
    plugin("Assertion.addMethod('onlySkus', function (...list) { new Assertion(this._obj).to.have.skus(list); });"),
    ["onlySkus"],
    [],
  ],
  [
    "a constant beside a function",
    samples,
    "export const night = read('night');\nexport function dark() {}\n",
    ["night", "dark"],
    ["night"],
  ],
])("is seen where it gets %s", (_what, before, more, names, texts) => {
  const found = addedStatements("support/a.js", before, before + more);
  expect(found).toMatchObject({ names, texts });
  expect(addedFunctions("support/a.js", before, before + more)).toBeNull();
});

it.each<[string, string]>([
  ["another text that is read", 'NIGHT = read("night.txt")\n'],
  ["another file of data", 'STREETS = json.loads((EXAMPLES / "streets.json").read_text())\n'],
  ["a constant of its own", 'LIMITS = {"low": [1, 2], "high": (3, None)}\n'],
])("is seen in Python where it gets %s", (_what, more) => {
  expect(addedStatements("support/a.py", python, python + more)).not.toBeNull();
});

it.each<[string, string, string]>([
  ["an assignment to a library", samples, "assert.equal = () => {};\n"],
  ["an assignment to what it exports", samples, "exports.day = 3;\n"],
  ["the load of a module", samples, "import '../src/accents.js';\n"],
  ["the load of a module by a name", samples, "import { on } from '../src/accents.js';\nexport const accents = on;\n"],
  ["a call", samples, "read('night');\n"],
  ["a constant from a call that may do something", samples, "export const late = shop.open('sunday');\n"],
  ["a constant from a call of its own", samples, "function soften() {}\nexport const softened = soften();\n"],
  ["a field of the product's, which may run code", samples, "export const accents = shop.accents;\n"],
  ["a text of the product's, which may run code", samples, "export const title = `$\u007bshop}`;\n"],
  ["an error for the product", check, "if (shop.strict === true) throw new Error('strict');\n"],
  ["an error that ends something else", check, "if (rows.length > 3) process.exit(0);\n"],
  ["an error for a call", check, "if (shop.open(rows)) throw new Error('open');\n"],
  ["another error otherwise", check, "if (rows.length > 3) throw new Error('x'); else shop.close();\n"],
  ["an error of its own", check, "if (rows.length > 3) throw new Skip('x');\n"],
  ["a method that changes the data", check, "export const last = rows.pop();\n"],
  ["an assignment in a condition", check, "if ((rows.length = 0) === 1) throw new Error('x');\n"],
  ["a path to code", samples, "export const night = read('../src/night.js');\n"],
  ["another function that is called", samples, "export const night = write('night');\n"],
  [
    "a file of data that something else reads",
    samples,
    "export const night = JSON.parse(draw('../data/night.json'));\n",
  ],
  ["the name of something that it uses", samples, "export const Math = { abs: () => 0 };\n"],
  ["a name that is looked for", samples, "export const then = 3;\n"],
  ["a name that may change", samples, "export let night = read('night');\n"],
  ["a block", samples, "{ const night = read('night'); }\n"],
  ["a try", samples, "try { read('x'); } catch {}\n"],
  ["an assertion in place of chai's", chai, plugin("Assertion.addMethod('equal', function () {});")],
  ["an assertion in place of its own", chai, plugin("Assertion.addMethod('skus', function () {});")],
  ["an assertion around another", chai, plugin("Assertion.overwriteMethod('onlySkus', () => function () {});")],
  [
    "more than an assertion",
    chai,
    plugin("Assertion.addMethod('onlySkus', function () {}); Assertion.prototype.assert = () => {};"),
  ],
  ["an assertion under a name that is made", chai, plugin("Assertion.addMethod('eq' + 'ual', function () {});")],
  [
    "what chai gives besides",
    chai,
    "chai.use(({ Assertion, assert }) => { Assertion.addMethod('onlySkus', function () {}); });\n",
  ],
  ["another setting of chai", chai, "chai.config.proxyExcludedKeys = ['equal'];\n"],
])("is more where it gets %s", (_what, before, more) => {
  expect(addedStatements("support/a.js", before, before + more)).toBeNull();
});

it.each<[string, string]>([
  ["a name twice", 'DAY = read("night.txt")\n'],
  ["another call", "tolerance(3)\n"],
  ["a constant from another call", 'NIGHT = tolerance("night")\n'],
  ["a field", "Path.read_text = 3\n"],
  ["a mark of the runner", "pytestmark = 3\n"],
  ["more than a name", "A, B = 1, 2\n"],
  ["an addition", "DAY += 1\n"],
  ["a branch", "if EXAMPLES:\n    raise ValueError(1)\n"],
])("is more in Python where it gets %s", (_what, more) => {
  expect(addedStatements("support/a.py", python, python + more)).toBeNull();
});

it("is more where something within a function is new, or something is gone", () => {
  const early = samples.replace("(a, b) => Math", "(a, b) => a > 99 || Math");
  expect(addedStatements("support/a.js", samples, `${early}export const night = read('night');\n`)).toBeNull();
  const less = samples.replace("export const day = read('day');\n", "");
  expect(addedStatements("support/a.js", samples, `${less}export const night = read('night');\n`)).toBeNull();
  expect(addedStatements("support/a.js", samples, samples)).toBeNull();
});
