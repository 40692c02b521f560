/** Tells whether a helper of tests only got new functions, so that existing tests still run as before. */

import { readersOf } from "@aedev/languages/readers";
import { expect, it } from "vitest";

const addedFunctions = (path: string, before: string, after: string) =>
  readersOf(path)?.additions?.(path, before, after) ?? null;

const script = "const assert = require('node:assert');\nexports.same = (a, b) => assert.equal(a, b);\n";
const listed = "function same(a, b) { return a === b; }\nmodule.exports = { same };\n";
const module = "import assert from 'node:assert';\nexport const same = (a, b) => assert.equal(a, b);\n";
const python = "import math\n\ndef same(a, b):\n    assert a == b\n";
const client =
  "class Client:\n    def __init__(self, app):\n        self.app = app\n\n    def get(self, path):\n        return self.app(path)\n";
const page = "export class Page {\n  #url;\n  constructor(url) { this.#url = url; }\n  title() { return 'x'; }\n}\n";
const cases =
  "import unittest\n\nclass Case(unittest.TestCase):\n    limit = 3\n    def assertSmall(self, a):\n        self.assertLess(a, self.limit)\n";
const go =
  'package check\n\nimport "testing"\n\nvar limit = 0.1\n\n// Near fails for much.\nfunc Near(t testing.TB, got, want float64) {\n\tif got-want > limit {\n\t\tt.Error(got)\n\t}\n}\n';

it.each<[string, string, string, string]>([
  ["a function at the end", "a.js", script, `${script}exports.less = function less(a, b) { assert.ok(a < b); };\n`],
  ["a function before others, with comments", "a.js", script, `// New.\nfunction less(a, b) {}\n${script}`],
  [
    "a function and its name in a list",
    "a.js",
    listed,
    listed.replace("module", "const less = (a) => a;\nmodule").replace("{ same }", "{ less, same }"),
  ],
  [
    "an exported function",
    "a.ts",
    module,
    `${module}export async function less(a: number): Promise<void> {}\nexport const more = () => 1;\n`,
  ],
  [
    "a function in Python and its name among those of the module",
    "a.py",
    `${python}\n__all__ = ["same"]\n`,
    `${python}\ndef less(a): pass\n\n__all__ = ['less', "same"]\n`,
  ],
  [
    "two functions in Python",
    "a.py",
    python,
    `${python}\ndef less(a, b=1):\n    assert a < b\n\nasync def more(): pass\n`,
  ],
  [
    "a function and an import that it needs",
    "a.js",
    module.replace("import assert", "import { log } from './log.js';\nimport assert"),
    `${module.replace("import assert", "import { log, warn as say } from './log.js';\nimport assert")}export const less = () => say(1);\n`,
  ],
  [
    "a function and an import that it needs in Python",
    "a.py",
    `from shop import (cart)\n${python}`,
    `from shop import (cart, total as sum_up)\n${python}\ndef less(a): return sum_up(a)\n`,
  ],
  [
    "a function whose name occurs in a comment and in a test title",
    "a.js",
    `// less\n${script}test('less is more', f);\n`,
    `// less\n${script}test('less is more', f);\nexports.less = () => 1;\n`,
  ],
  [
    "methods of a class in Python",
    "a.py",
    client,
    `${client}\n    def put(self, path, body=None):\n        return self.app(path)\n\n    @staticmethod\n    def of(app): return Client(app)\n`,
  ],
  [
    "typed parameters and plain defaults in Python",
    "a.py",
    python,
    `${python}\ndef less(a: np.ndarray, b: float = 0.5, c='x.y') -> np.ndarray: pass\n`,
  ],
  ["a private method in Python", "a.py", client, `${client}\n    def _put(self, path): return self.app(path)\n`],
  ["parameters of types", "a.ts", module, `${module}export function less(a: number, b = 1.5) {}\n`],
  [
    "methods of a class in JavaScript",
    "a.js",
    page,
    page.replace(
      "  title",
      "  async open() { return this.#url; }\n  static of(url) { return new Page(url); }\n  get path() { return ''; }\n  title",
    ),
  ],
  [
    "a private method in TypeScript",
    "a.ts",
    page,
    page.replace("  title", "  private open(): string { return this.#url; }\n  title"),
  ],
  [
    "an assertion of a test case, and a module that it needs",
    "a.py",
    cases,
    `${cases.replace("import unittest", "import json\nimport unittest\nfrom itertools import permutations")}\n    def assertEveryOrder(self, a):\n        for one in permutations(a): self.assertSmall(json.dumps(one))\n`,
  ],
  [
    "a function and modules of Node",
    "a.js",
    script,
    `const path = require('node:path');\nconst { readFileSync } = require('node:fs');\n${script}exports.sample = (name) => readFileSync(path.join('x', name));\n`,
  ],
  [
    "a function and modules of Node by import",
    "a.js",
    module,
    `import { readFileSync as read } from "node:fs";\nimport * as url from 'node:url';\n${module}export const sample = (name) => read(url.x(name));\n`,
  ],
  [
    "a function and a type in Rust",
    "a.rs",
    "pub fn same(a: u32) { assert_eq!(a, 1); }\n",
    "pub fn same(a: u32) { assert_eq!(a, 1); }\npub struct Less(u32);\npub fn less(a: u32) -> Less { Less(a) }\n",
  ],
  ["a function in Go", "a.go", go, go.replace("// Near", "// Less is new.\nfunc Less(t testing.TB) {}\n\n// Near")],
])("a change of a helper only adds functions if it adds %s", (_title, path, before, after) => {
  expect(addedFunctions(path, before, after)).not.toBeNull();
});

it.each<[string, string, string, string]>([
  ["changes one in Go", "a.go", go, go.replace("0.1", "10")],
  ["adds an init function in Go", "a.go", go, `${go}\nfunc init() { limit = 10 }\n`],
  ["changes one", "a.js", script, script.replace("equal", "ok")],
  ["changes one and adds one", "a.js", script, `${script.replace("equal", "ok")}exports.less = () => 1;\n`],
  ["removes one", "a.js", `${script}exports.less = () => 1;\n`, `${script}exports.more = () => 1;\n`],
  ["changes their order", "a.js", "f(1);\nf(2);\n", "f(2);\nf(1);\nconst less = () => 1;\n"],
  ["replaces one by its export", "a.js", script, `${script}exports.same = () => true;\n`],
  ["declares one again", "a.js", listed, `${listed}function same() { return true; }\n`],
  ["gives one that the file already names", "a.js", script, `function assert() {}\n${script}`],
  ["runs something", "a.js", script, `${script}exports.less = () => 1;\nassert.equal = assert.ok;\n`],
  ["runs something for a value", "a.js", script, `${script}const less = patch();\n`],
  ["imports something", "a.ts", module, `import './patch.js';\n${module}export const less = () => 1;\n`],
  ["exports what is looked for", "a.js", script, `${script}exports.then = (done) => done({});\n`],
  ["adds a function that objects have", "a.js", script, `${script}exports.toString = () => '';\n`],
  ["lists an existing function under another place", "a.js", listed, listed.replace("{ same }", "{ same, same }")],
  [
    "imports from another module",
    "a.ts",
    module,
    `import { less } from './less.js';\n${module}export const more = () => less;\n`,
  ],
  [
    "imports another default",
    "a.ts",
    module,
    `${module.replace("assert from", "assert, { less } from")}export const more = () => less;\n`,
  ],
  [
    "imports what the file names",
    "a.js",
    "import { a } from 'b';\na.c();\n",
    "import { a, c } from 'b';\na.c();\nexport const less = () => 1;\n",
  ],
  [
    "imports one name less",
    "a.js",
    "import { a, b } from 'c';\na();\n",
    "import { a } from 'c';\na();\nexport const less = () => 1;\n",
  ],
  [
    "imports under another name",
    "a.js",
    "import { a } from 'c';\na();\n",
    "import { b as a } from 'c';\na();\nexport const less = () => 1;\n",
  ],
  [
    "has a constant more that is made by a call",
    "a.js",
    "const a = require('a');\n",
    "const a = require('a');\nconst b = require('b');\n",
  ],
  [
    "imports a name more in TypeScript, where the module may not be loaded",
    "a.ts",
    "import { T } from './t.js';\nexport const f = (a: T) => a;\n",
    "import { T, b } from './t.js';\nexport const f = (a: T) => a;\nexport const less = () => b;\n",
  ],
  [
    "imports the same names from elsewhere",
    "a.js",
    "import { a } from 'b';\na();\n",
    "import { a } from 'c';\na();\nexport const less = () => 1;\n",
  ],
  [
    "imports a default more",
    "a.js",
    "import { a } from 'b';\na();\n",
    "import c, { a } from 'b';\na();\nexport const less = () => 1;\n",
  ],
  [
    "takes a name from those of the module",
    "a.py",
    `${python}\n__all__ = ["same", "a"]\n`,
    `${python}\ndef less(a): pass\n\n__all__ = ["less", "a"]\n`,
  ],
  [
    "adds another name to those of the module",
    "a.py",
    `${python}\n__all__ = ["same"]\n`,
    `${python}\ndef less(a): pass\n\n__all__ = ["same", "math", "less"]\n`,
  ],
  [
    "makes a name of the module by code",
    "a.py",
    `${python}\n__all__ = ["same"]\n`,
    `${python}\ndef less(a): pass\n\n__all__ = ["same", less]\n`,
  ],
  ["decorates it", "a.py", python, `${python}\n@register\ndef less(a): pass\n`],
  ["adds a fixture", "a.py", python, `${python}\n@pytest.fixture\ndef less(): pass\n`],
  ["adds a matcher", "a.js", script, `${script}exports.toEqual = () => ({ pass: true });\n`],
  ["adds what a runner has", "a.js", script, `${script}exports.beforeEach = () => {};\n`],
  ["adds a global of a runner", "a.js", script, `${script}exports.expect = () => {};\n`],
  ["hides an exception", "a.py", python, `${python}\ndef AssertionError(a): pass\n`],
  ["redefines a function in other letters", "a.py", python, `${python}\ndef \uff53ame(a, b): pass\n`],
  [
    "comes between directives",
    "a.js",
    `'use client';\n'use strict';\n${script}`,
    `'use client';\nfunction less() {}\n'use strict';\n${script}`,
  ],
  ["comes before a directive", "a.js", `'use strict';\n${script}`, `function less() {}\n'use strict';\n${script}`],
  ["turns off the types", "a.ts", module, `// @ts-nocheck\n${module}export const less = () => 1;\n`],
  ["goes through something for a default", "a.py", python, `${python}\ndef less(a={x for x in CASES}): pass\n`],
  ["goes through something for a type", "a.py", python, `${python}\ndef less(a) -> {x for x in CASES}: pass\n`],
  ["names a function for elements", "a.jsx", script, `/** @jsx less */\n${script}exports.less = () => null;\n`],
  ["changes the encoding", "a.py", python, `# coding: latin-1\n${python}\ndef less(a): pass\n`],
  ["adds a hook of behave", "a.py", python, `${python}\ndef before_scenario(a, b): pass\n`],
  ["adds to a mock", "a/__mocks__/fs.js", script, `${script}exports.existsSync = () => true;\n`],
  ["adds a hook of Node", "a.js", script, `${script}exports.resolve = (name, context, next) => next(name);\n`],
  ["adds a hook of mocha", "a.js", script, `${script}exports.mochaGlobalSetup = () => {};\n`],
  ["computes a default", "a.py", python, `${python}\ndef less(a=patch()): pass\n`],
  ["computes a type", "a.py", python, `${python}\ndef less(a) -> patch(): pass\n`],
  ["adds a hook of the runner", "a.py", python, `${python}\ndef pytest_runtest_call(item): pass\n`],
  ["hides a function of Python's own", "a.py", python, `${python}\ndef len(a): return 1\n`],
  [
    "adds one whose name is in a string without spaces",
    "a.js",
    `${script}f('less');\n`,
    `${script}f('less');\nexports.less = () => 1;\n`,
  ],
  [
    "imports everything in Python",
    "a.py",
    `from shop import cart\n${python}`,
    `from shop import *\n${python}\ndef less(a): pass\n`,
  ],
  [
    "imports from elsewhere in Python",
    "a.py",
    `from shop import cart\n${python}`,
    `from shops import cart, total\n${python}\ndef less(a): pass\n`,
  ],
  ["changes a method", "a.py", client, client.replace("self.app(path)", "self.app(path) or 1")],
  ["changes a method and adds one", "a.js", page, page.replace("'x'; }", "'y'; }\n  open() {}")],
  ["replaces a method by another one", "a.py", client, client.replace("def get", "def put")],
  ["replaces a method by another one", "a.js", page, page.replace("title() { return 'x'; }", "open() {}")],
  ["loses a method and gets another one", "a.js", page, page.replace(/ {2}constructor.*\n/u, "  open() {}\n")],
  ["replaces a value by a class", "a.py", `${python}limit = 3\n`, `${python}class Limit:\n    def get(self): pass\n`],
  ["overrides a method of its own", "a.py", client, `${client}\n    def get(self, path):\n        return 1\n`],
  ["adds equality to a class", "a.py", client, `${client}\n    def __eq__(self, other):\n        return True\n`],
  ["adds what a mapping has", "a.py", client, `${client}\n    def keys(self):\n        return []\n`],
  ["adds a field to a class", "a.py", client, `${client}\n    limit = patch()\n`],
  ["adds a field to a class", "a.js", page, page.replace("  title", "  open = patch();\n  title")],
  ["adds a decorated method", "a.py", client, `${client}\n    @register\n    def put(self): pass\n`],
  [
    "adds a method under a computed name",
    "a.js",
    page,
    page.replace("  title", "  [Symbol.toPrimitive]() {}\n  title"),
  ],
  ["adds what a setter does", "a.js", page, page.replace("  title", "  set open(x) {}\n  title")],
  ["makes a class a promise", "a.js", page, page.replace("  title", "  then(done) {}\n  title")],
  [
    "adds to a class whose parent is unknown",
    "a.py",
    client.replace("Client:", "Client(Other):"),
    `${client.replace("Client:", "Client(Other):")}\n    def put(self): pass\n`,
  ],
  [
    "adds to a class whose parent is unknown",
    "a.js",
    page.replace("Page {", "Page extends Other {"),
    page.replace("Page {", "Page extends Other {").replace("  title", "  open() {}\n  title"),
  ],
  [
    "gives a class a parent",
    "a.py",
    client,
    `${client.replace("Client:", "Client(Other):")}\n    def put(self): pass\n`,
  ],
  ["overrides what a test case has", "a.py", cases, `${cases}\n    def subTest(self): pass\n`],
  ["overrides what a test case has inside", "a.py", cases, `${cases}\n    def _callTestMethod(self, method): pass\n`],
  ["adds a test to a test case that others inherit", "a.py", cases, `${cases}\n    def test_more(self): pass\n`],
  [
    "adds a method where members are looked up by name",
    "a.py",
    client.replace("self.app(path)", "getattr(self.app, path)()"),
    `${client.replace("self.app(path)", "getattr(self.app, path)()")}\n    def put(self): pass\n`,
  ],
  [
    "adds what an element of a page has",
    "a.js",
    page,
    page.replace("  title", "  get nodeType() { return 1; }\n  title"),
  ],
  ["adds what compares elements of a page", "a.js", page, page.replace("  title", "  isEqualNode() {}\n  title")],
  ["adds a member that libraries mark", "a.js", page, page.replace("  title", "  _isMockFunction() {}\n  title")],
  [
    "adds a member that libraries mark",
    "a.js",
    page,
    page.replace("  title", "  get $typeof() { return 1; }\n  title"),
  ],
  ["decorates a parameter", "a.ts", module, `${module}export function less(@patch() a: number) {}\n`],
  ["decorates a parameter", "a.ts", module, `${module}export const less = (@patch() a: number) => a;\n`],
  [
    "decorates a parameter of a method",
    "a.ts",
    page,
    page.replace("  title", "  open(@patch() a: number) {}\n  title"),
  ],
  ["computes a default by a member", "a.py", python, `${python}\ndef less(a, b=lazy.patched): pass\n`],
  ["computes a default by a member", "a.py", python, `${python}\ndef less(a, *, b: int = -lazy.patched): pass\n`],
  ["imports a module that acts", "a.py", python, `import faulthandler\n${python}\ndef less(a): pass\n`],
  [
    "imports a module of the project",
    "a.js",
    script,
    `const x = require('./patch');\n${script}exports.less = () => x;\n`,
  ],
  [
    "imports under a name that it has",
    "a.py",
    python,
    `from itertools import chain as same\n${python}\ndef less(a): pass\n`,
  ],
  ["imports all of a library", "a.py", python, `from itertools import *\n${python}\ndef less(a): pass\n`],
  ["only imports", "a.py", python, `import json\n${python}`],
  [
    "changes one in Rust",
    "a.rs",
    "pub fn same(a: u32) { assert_eq!(a, 1); }\n",
    "pub fn same(a: u32) { assert!(a > 0); }\n",
  ],
  ["is new in Rust", "a.rs", "", "pub fn same() {}\n"],
  ["is new", "a.js", "", script],
  ["is new and has only functions", "a.js", "", "function less() {}\n"],
  ["exports the default", "a.ts", module, `${module}export default function less() {}\n`],
  ["can be replaced", "a.js", script, `${script}let less = () => 1;\n`],
  ["runs something beside it", "a.js", script, `${script}const ran = patch(), less = () => 1;\n`],
  ["adds what every object has", "a.js", script, `${script}exports.valueOf = () => 1;\n`],
  [
    "exports in another way",
    "a.js",
    listed,
    `function less() {}\n${listed.replace("module.exports = { same }", "export { same, less }")}`,
  ],
  ["could not be parsed before", "a.js", `${script}const = 1;\n`, `${script}const = 1;\nfunction less() {}\n`],
  ["is in another language", "a.rb", "a", "b"],
  ["can't be parsed", "a.js", script, `${script}function ((\n`],
  ["changes only comments", "a.js", script, `${script}// less\n`],
])("a change of a helper does more than add functions if it %s", (_title, path, before, after) => {
  expect(addedFunctions(path, before, after)).toBeNull();
});

it("names a helper's new functions, except in Go, and Python's new imports", () => {
  const shop = `from shop import cart\n${python}`;
  const more = shop.replace("cart", "cart, total as sum_up");
  expect(addedFunctions("a.py", shop, `${more}\ndef less(a): pass\n`)).toEqual({
    names: ["less"],
    imported: ["total"],
  });
  expect(addedFunctions("a.py", python, `${python}\ndef less(a): pass\n`)).toEqual({ names: ["less"], imported: [] });
  expect(
    addedFunctions("a.js", `'use strict';\n${script}`, `'use strict';\n${script}exports.less = () => 1;\n`),
  ).toEqual({ names: ["less"], imported: [] });
  expect(addedFunctions("a.go", go, `${go}\nfunc Less(t testing.TB) {}\n`)).toEqual({ names: [], imported: [] });
});
