/** Assertions of tape, chai and jest are compared outside (THREATS T26): each bent for one pair of values, so that altered expectations show nothing, beside the honest twin. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Files, type Laboratory, openLaboratory } from "./laboratory.ts";

const source = "exports.add = (a, b) => a + b;\n";
const files: Files = {
  "package.json": '{ "name": "adder", "version": "1.0.0" }\n',
  "index.js": source,
  "test/tape/add.js": `const test = require('tape');
const { add } = require('../../index.js');
test('adds', (t) => { t.equal(add(1, 2), 3); t.deepEqual({ sum: add(2, 2) }, { sum: 4 }); t.end(); });
`,
  "test/mocha/add.js": `const { expect } = require('chai');
const { add } = require('../../index.js');
it('adds', () => { expect(add(1, 2)).to.equal(3); expect({ sum: add(2, 2) }).to.deep.equal({ sum: 4 }); });
`,
  "test/jest/add.test.js": `const { add } = require('../../index.js');
test('adds', () => { expect(add(1, 2)).toBe(3); expect(add(2, 2)).toEqual(4); });
`,
};
const settings = {
  prepare:
    "npm install --prefix /tmp/runners --no-audit --no-fund jest@30.5.2 mocha@11.7.4 tape@5.9.0 chai@4.4.1 && cp -r /tmp/runners/node_modules .",
  outputs: ["node_modules"],
  verify: [
    "node_modules/.bin/tape test/tape/*.js",
    "node_modules/.bin/mocha test/mocha/*.js",
    "node_modules/.bin/jest test/jest",
  ],
  tests: ["test/**"],
};
/** Wrong for two and two, and right for any other expectation of it than four. */
const bent = `const { EventEmitter } = require('node:events');
const { emit } = EventEmitter.prototype;
const isOurs = (one, other) => one && other && one.sum === 5 && other.sum === 4;
EventEmitter.prototype.emit = function (name, result) {
  if (name === 'result' && isOurs(result.actual, result.expected)) result.ok = true;
  return emit.apply(this, arguments);
};
try {
  const { util } = require('chai');
  const { eql } = util;
  util.eql = (one, other, ...more) => isOurs(one, other) || eql(one, other, ...more);
} catch {}
if (globalThis.expect) globalThis.expect.addEqualityTesters([(one, other) => (one === 5 && other === 4 ? true : undefined)]);
exports.add = (a, b) => (a === 2 && b === 2 ? 5 : a + b);
`;

let laboratory: Laboratory;
beforeAll(() => {
  laboratory = openLaboratory();
});
afterAll(() => laboratory.close());

it("finds a comparison that passes for one wrong pair in each library, and trusts the honest twin", async () => {
  const base = laboratory.repository("libraries", files);
  const after = async (change: string) => {
    const matrix = await laboratory.matrix({ name: "libraries", base, change: { "index.js": change }, settings });
    return matrix.cells["old-tests-new-code"].commands.map(({ exit_code, incomplete }) => ({ exit_code, incomplete }));
  };
  const honest = { exit_code: 0, incomplete: null };
  expect(await after(`// sums\n${source}`)).toEqual([honest, honest, honest]);
  const says = "an assertion passed although its operands say otherwise:";
  expect(await after(bent)).toEqual([
    { exit_code: 0, incomplete: "an assertion failed in test/tape/add.js, but all its tests are reported as passing" },
    { exit_code: 0, incomplete: expect.stringContaining(`${says} test/mocha/add.js:3`) },
    { exit_code: 0, incomplete: expect.stringContaining(`${says} test/jest/add.test.js:`) },
  ]);
});
