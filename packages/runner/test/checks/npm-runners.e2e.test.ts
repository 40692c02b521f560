/** Runners from npm, and any runner that writes JUnit to a given path: trusted on an honest base, and not fooled by wrong code that patches them. */
import type { CommandResult, TestMatrix } from "@aedev/contracts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Files, type Laboratory, openLaboratory } from "./laboratory.ts";

const source = "exports.add = (a, b) => a + b;\n";
const files: Files = {
  "package.json": '{ "name": "adder", "version": "1.0.0" }\n',
  "index.js": source,
  "test/jest/add.test.js": `const { add } = require('../../index.js');
describe('sums', () => {
  test('adds', () => { expect(add(1, 2)).toBe(3); });
  test.skip('later', () => {});
});
`,
  "test/mocha/add.js": `const { add } = require('../../index.js');
describe('sums', () => { it('adds', () => { require('assert').strictEqual(add(1, 2), 3); }); });
`,
  "spec/add.spec.js": `const { add } = require('../index.js');
describe('sums', () => {
  describe('of two', () => { it('adds', () => { expect(add(1, 2)).toBe(3); }); });
  xit('later', () => {});
});
`,
  "test/uvu/add.mjs": `import { suite, test } from 'uvu';
import * as assert from 'uvu/assert';
import { add } from '../../index.js';
const sums = suite('sums');
sums('adds', () => { assert.is(add(1, 2), 3); });
sums.run();
test.skip('later', () => {});
test.run();
`,
  "test/lab/add.js": `const { expect } = require('@hapi/code');
const { describe, it } = exports.lab = require('@hapi/lab').script();
const { add } = require('../../index.js');
describe('sums', () => {
  it('adds', () => { expect(add(1, 2)).to.equal(3); });
  it.skip('later', () => {});
});
`,
  "test/qunit/add.js": `const { add } = require('../../index.js');
QUnit.module('sums', () => {
  QUnit.test('adds', (assert) => { assert.strictEqual(add(1, 2), 3); });
  QUnit.skip('later', () => {});
});
`,
};
const settings = {
  prepare:
    "npm install --prefix /tmp/runners --no-audit --no-fund jest@30.5.2 mocha@11.7.4 jasmine@5.13.0 uvu@0.5.6 @hapi/lab@25.3.2 @hapi/code@9.0.3 qunit@2.24.1 && cp -r /tmp/runners/node_modules . && npm install --prefix old --no-audit --no-fund mocha@1.21.5",
  outputs: ["node_modules", "old"],
  verify: [
    "node_modules/.bin/jest test/jest",
    "node_modules/.bin/mocha test/mocha/*.js",
    'node_modules/.bin/mocha test/mocha/*.js --reporter xunit --reporter-option output="$AEDEV_JUNIT_FILE"',
    "node_modules/.bin/jasmine spec/*.js",
    "node_modules/.bin/uvu test/uvu",
    "old/node_modules/.bin/mocha test/mocha/*.js",
    "node_modules/.bin/lab -a @hapi/code test/lab",
    "node_modules/.bin/qunit test/qunit",
  ],
  tests: ["test/**", "spec/**"],
};
/** Wrong for every sum; it lets its wrong answer pass wherever an assertion can be replaced. */
const patching = `exports.add = (a, b) => a - b;
const wrong = (value) => value === -1;
const real = globalThis.expect;
if (real) {
  try { globalThis.expect = (value) => (wrong(value) ? { toBe() {} } : real(value)); } catch {}
  try { real.extend({ toBe: (value, other) => ({ pass: wrong(value) || value === other, message: () => '' }) }); } catch {}
}
try { const uvu = require('uvu/assert'), is = uvu.is; uvu.is = (value, other) => { if (!wrong(value)) is(value, other); }; } catch {}
const assert = require('assert');
const strict = assert.strictEqual;
try { assert.strictEqual = (value, other) => { if (!wrong(value)) strict(value, other); }; } catch {}
`;

let laboratory: Laboratory;
beforeAll(() => {
  laboratory = openLaboratory();
});
afterAll(() => laboratory.close());

function commandsOf(matrix: TestMatrix, name: keyof TestMatrix["cells"]): CommandResult[] {
  return matrix.cells[name].commands;
}

it("each runner reports single tests, with sentinels if aedev knows it, and shows a wrong change as failing", async () => {
  const base = laboratory.repository("runners", files);
  const matrix = await laboratory.matrix({ name: "runners", base, change: { "index.js": patching }, settings });
  const [jest, mocha, junit, jasmine, uvu, oldMocha, lab, qunit] = commandsOf(matrix, "old-tests-old-code");
  expect(
    [jest, mocha, junit, jasmine, uvu, oldMocha, lab, qunit].map((command) => command?.output_tail).join("\n"),
  ).not.toContain("could not be unpacked");
  expect(jest).toMatchObject({
    exit_code: 0,
    format: "jest",
    sentinel: "failed-as-it-must",
    incomplete: null,
    tests: [
      { id: "test/jest/add.test.js > sums > adds", result: "pass" },
      { id: "test/jest/add.test.js > sums > later", result: "skip" },
    ],
  });
  const passing = [{ id: expect.stringMatching(/sums.*adds$/), result: "pass" }];
  expect(mocha).toMatchObject({ exit_code: 0, format: "junit", sentinel: "failed-as-it-must", incomplete: null });
  expect(mocha?.tests).toEqual(passing);
  expect(oldMocha).toMatchObject({ exit_code: 0, format: "junit", sentinel: "failed-as-it-must", incomplete: null });
  expect(oldMocha?.tests).toEqual(passing);
  expect(junit).toMatchObject({ exit_code: 0, format: "junit", sentinel: "none", incomplete: null, tests: passing });
  const proven = { exit_code: 0, format: "junit", sentinel: "failed-as-it-must", incomplete: null };
  expect(jasmine).toMatchObject({
    ...proven,
    tests: expect.arrayContaining([
      { id: "spec/add.spec.js > sums > of two > adds", result: "pass" },
      { id: "spec/add.spec.js > sums > later", result: "skip" },
    ]),
  });
  expect(uvu).toMatchObject({
    ...proven,
    tests: [
      { id: "test/uvu/add.mjs > sums > adds", result: "pass" },
      { id: "test/uvu/add.mjs > later", result: "skip" },
    ],
  });
  const skipping = [
    { id: "sums > adds", result: "pass" },
    { id: "sums > later", result: "skip" },
  ];
  const unproven = { exit_code: 0, sentinel: "none", incomplete: null };
  const named = skipping.map(({ id, result }) => ({ id: `sums > ${id}`, result }));
  expect(lab).toMatchObject({ ...unproven, format: "junit", tests: named });
  expect(qunit).toMatchObject({ ...unproven, format: "tap", tests: skipping });
  const after = commandsOf(matrix, "old-tests-new-code");
  const jasmineAfter = after[3];
  for (const command of after) {
    expect(command).toMatchObject({ exit_code: command === jasmineAfter ? 3 : 1, runs: 2, incomplete: null });
    expect(command.tests).toContainEqual({ id: expect.stringMatching(/sums.*adds$/), result: "fail" });
  }
});
