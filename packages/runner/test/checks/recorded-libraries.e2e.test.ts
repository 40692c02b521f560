/** Recorded assertions of tape, chai and jest (SECURITY T26): each is bent for one pair of values, which altered expectations can't show; with honest twin. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Files, type Laboratory, openLaboratory } from "./laboratory.ts";

const source = "exports.add = (a, b) => a + b;\n";
const common: Files = { "package.json": '{ "name": "adder", "version": "1.0.0" }\n', "index.js": source };
/** For each runner its packages, its command and a test file, in a repository of its own, because one runner's sentinels disturb another's files. */
const runners = {
  tape: {
    packages: "tape@5.9.0",
    verify: "node_modules/.bin/tape test/*.js",
    test: `const test = require('tape');
const { add } = require('../index.js');
test('adds', (t) => { t.equal(add(1, 2), 3); t.deepEqual({ sum: add(2, 2) }, { sum: 4 }); t.end(); });
`,
    finds: "an assertion failed in test/add.test.js, but all its tests are reported as passing",
  },
  chai: {
    packages: "mocha@11.7.4 chai@4.4.1",
    verify: "node_modules/.bin/mocha test/*.js",
    test: `const { expect } = require('chai');
const { add } = require('../index.js');
it('adds', () => { expect(add(1, 2)).to.equal(3); expect({ sum: add(2, 2) }).to.deep.equal({ sum: 4 }); });
`,
    finds: "an assertion passed although its operands say otherwise: test/add.test.js:",
  },
  jest: {
    packages: "jest@30.5.2",
    verify: "node_modules/.bin/jest",
    test: `const { add } = require('../index.js');
test('adds', () => { expect(add(1, 2)).toBe(3); expect(add(2, 2)).toEqual(4); });
`,
    finds: "an assertion passed although its operands say otherwise: test/add.test.js:",
  },
};
/** Wrong for two and two, but it fails for any expectation other than four. */
const bent = `const { EventEmitter } = require('node:events');
const { emit } = EventEmitter.prototype;
const isOurs = (one, other) => one && other && one.sum + other.sum === 9;
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

it.each(Object.entries(runners))(
  "finds what passes for one wrong pair with %s, and trusts the honest twin",
  async (name, runner) => {
    const base = laboratory.repository(name, { ...common, "test/add.test.js": runner.test });
    const settings = {
      prepare: `npm install --prefix /tmp/runners --no-audit --no-fund ${runner.packages} && cp -r /tmp/runners/node_modules .`,
      outputs: ["node_modules"],
      verify: [runner.verify],
      tests: ["test/**"],
    };
    const after = async (change: string) => {
      const matrix = await laboratory.matrix({ name, base, change: { "index.js": change }, settings });
      return matrix.cells["old-tests-new-code"].commands[0];
    };
    expect(await after(`// sums\n${source}`)).toMatchObject({ exit_code: 0, incomplete: null });
    expect(await after(bent)).toMatchObject({ exit_code: 0, incomplete: expect.stringContaining(runner.finds) });
  },
);
