/** Finds lines of code that ask for a running test, change assertions or their foundations, or load a test library. */
import { expect, it } from "vitest";
import { findTestSigns } from "../../../src/findings/test-diff/test-signs.ts";

it("finds code that asks whether a test is running, or changes the assertion library, in new lines only", () => {
  const sly = [
    "if (process.env.NODE_ENV === 'test') return 3;",
    "if ('test' === process.env.NODE_ENV) x();",
    "const inTest = process.env.JEST_WORKER_ID !== undefined;",
    "if os.environ.get('PYTEST_CURRENT_TEST'):",
    "if 'pytest' in sys.modules:",
    "if (process.argv.some((one) => one.includes('--test'))) x();",
    "if (typeof describe === 'function') x();",
    "require('node:assert').strictEqual = () => undefined;",
    "assert.equal = () => true;",
    "Object.assign(assert, { ok() {} });",
    "for (const key in assert) assert[key] = () => undefined;",
    "if (import.meta.env.MODE === 'test') x();",
    "if ('jest' in globalThis) x();",
    "if (process.env.npm_lifecycle_event === 'test') x();",
    "if (require.main.filename.endsWith('.test.js')) x();",
    "if sys._getframe(1).f_code.co_filename.endswith('test_a.py'):",
    'if flag.Lookup("test.v") != nil {',
    'if strings.HasSuffix(os.Args[0], ".test") {',
    "unittest.TestCase.assertEqual = lambda *given: None",
    "numpy.testing.assert_allclose = lambda *given: None",
    "require('chai').Assertion.prototype.assert = () => undefined;",
    "chai.Assertion.overwriteMethod('equal', () => () => undefined);",
    "expect.extend({ toBe: () => ({ pass: true }) });",
    "Object.is = () => true;",
    "Object['is'] = () => true;",
    "Array.prototype.every = () => true;",
    "registerHooks({ load });",
    "Module._load = (request) => own(request);",
    "require.cache[require.resolve('../index.js')] = own;",
    "sys.meta_path.insert(0, Finder())",
    "const state = globalThis[Symbol.for('$$jest-matchers-object')];",
    "writeFileSync('test/add.test.js', text);",
    "open('tests/test_add.py', 'w').write(text)",
    "import { expect } from 'vitest';",
    "const chai = require('chai');",
    "import pytest",
    "/* a comment */ assert.equal = () => true;",
    "#inTest = process.env.NODE_ENV === 'test';",
    `x(); ${" ".repeat(5000)}assert.equal = () => true;`,
  ];
  for (const line of sly) {
    expect(findTestSigns("", `x();\n${line}\n`), line).toMatchObject([{ kind: "input-special-cased", line: 2 }]);
    expect(findTestSigns(line, `x();\n${line}\n`), line).toEqual([]);
  }
  const honest = [
    "if (process.env.NODE_ENV === 'production') x();",
    "// in NODE_ENV test",
    "assert.equal(a, b);",
    "assert(a === b);",
    "const test = load('test');",
    "expect(x).toBe(1);",
    "import assert from 'node:assert';",
    "from unittest import mock",
    "import unittest.mock",
    "const same = Object.is(a, b) === Array.isArray(c);",
    "const cache: RegExp[] = [];",
    "let names: String[ ] = [];",
    "Error.stackTraceLimit = 50;",
    "writeFileSync(join(folder, 'latest.json'), text);",
    "with open('tests/data.json') as file:",
    "const own = require('./cache');",
    "delete require.cache[require.resolve('../index.js')];",
    "Widget.prototype.draw = () => undefined;",
    "this.expected = [];",
    "if (require.main === module) main();",
    "# in NODE_ENV test",
    " * NODE_ENV is test",
  ];
  for (const line of honest) expect(findTestSigns("", line), line).toEqual([]);
});

it("finds changes of node:assert under the name that the file gives it", () => {
  const loads = [
    "const claim = require('node:assert');",
    "import claim from 'assert/strict';",
    "import * as claim from 'node:assert';",
  ];
  for (const load of loads) {
    expect(findTestSigns("", `${load}\nclaim.strictEqual = () => undefined;\n`), load).toMatchObject([{ line: 2 }]);
    expect(findTestSigns("", `${load}\nclaim.strictEqual(a, b);\nother.strictEqual = 1;\n`), load).toEqual([]);
  }
});
