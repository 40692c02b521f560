/** The reporters that are preloaded for uvu, Jasmine and old versions of mocha report every failure, and code under test can't make them hide one. */
import type { CommandResult, TestMatrix } from "@aedev/contracts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Files, type Laboratory, openLaboratory } from "./laboratory.ts";

const prepare =
  "npm install --prefix /tmp/runners --no-audit --no-fund jasmine@5.13.0 uvu@0.5.6 mocha@1.21.5 && cp -r /tmp/runners/node_modules .";
const commands = {
  jasmine: "node_modules/.bin/jasmine --config=spec/support/jasmine.json",
  uvu: "node_modules/.bin/uvu test/uvu",
  mocha: "node_modules/.bin/mocha test/mocha/*.js",
};
const settings = { prepare, outputs: ["node_modules"], verify: Object.values(commands), tests: ["test/**", "spec/**"] };
const jasmineSettings = JSON.stringify({
  spec_dir: "spec",
  spec_files: ["*.spec.js"],
  random: false,
  stopOnSpecFailure: true,
});

let laboratory: Laboratory;
let greenBase: string;
beforeAll(() => {
  laboratory = openLaboratory();
  greenBase = laboratory.repository("reporters", green);
});
afterAll(() => laboratory.close());

type Cell = keyof TestMatrix["cells"];
function byRunner(matrix: TestMatrix, name: Cell): Record<keyof typeof commands, CommandResult | undefined> {
  const [jasmine, uvu, mocha] = matrix.cells[name].commands;
  return { jasmine, uvu, mocha };
}
const resultsOf = (command: CommandResult | undefined) =>
  Object.fromEntries((command?.tests ?? []).map(({ id, result }) => [id, result]));

const sums = "exports.add = (a, b) => a + b; exports.list = (a, b) => [a + b];\n";
const uvuTest = (name: string) => `const { add, list } = require('../../index.js');
const { test } = require('uvu');
const assert = require('uvu/assert');
test('adds ${name}', () => { assert.is(add(1, 2), 3); });
test('lists ${name}', () => { assert.equal(list(1, 2), [3]); });
test.run();
`;
const green: Files = {
  "package.json": JSON.stringify({ name: "sums" }),
  "index.js": sums,
  "spec/support/jasmine.json": jasmineSettings,
  "spec/sums.spec.js": `const { add, list } = require('../index.js');
describe('sums', () => { it('adds', () => { expect(add(1, 2)).toBe(3); }); it('lists', () => { expect(list(1, 2)).toEqual([3]); }); });
`,
  "test/uvu/a.js": uvuTest("a"),
  "test/uvu/b.js": uvuTest("b"),
  "test/mocha/sums.js": `const { add } = require('../../index.js');
describe('sums', () => { it('adds', () => { require('assert').strictEqual(add(1, 2), 3); }); });
`,
};
const wrong = "exports.add = (a, b) => a - b; exports.list = (a, b) => [a - b];\n";

it.each<[keyof typeof commands, string, string]>([
  [
    "jasmine",
    "matchers that are replaced for a spec",
    `const cheat = () => { try { const ok = () => ({ compare: () => ({ pass: true }) }); jasmine.addMatchers({ toBe: ok, toEqual: ok }); } catch {} };
exports.add = (a, b) => { cheat(); return a - b; }; exports.list = (a, b) => { cheat(); return [a - b]; };
`,
  ],
  [
    "jasmine",
    "a matcher of the expectations' own class",
    `const cheat = () => { try { const own = Object.getPrototypeOf(expect(0)); own.toBe = () => {}; own.toEqual = () => {}; } catch {} };
exports.add = (a, b) => { cheat(); return a - b; }; exports.list = (a, b) => { cheat(); return [a - b]; };
`,
  ],
  [
    "uvu",
    "a test function that swallows errors",
    `${wrong}try {
  const uvu = require('uvu'), real = uvu.test;
  const mine = new Function('real', "return (n, f) => real(n, async (s) => { try { await f(s); } catch {} })\\n//# sourceURL=x")(real);
  uvu.test = Object.assign(mine, real);
} catch {}
`,
  ],
  [
    "uvu",
    "sentinels that are never begun",
    `exports.add = (a, b) => { drop(); return a + b; }; exports.list = (a, b) => [a - b];
try { require('dequal').dequal = () => true; } catch {}
let isDone = false;
function drop() {
  if (isDone) return;
  isDone = true;
  const groups = (globalThis.UVU_QUEUE || []).filter((group) => group.length > 0);
  const all = groups.flat().filter((one) => typeof one === 'function');
  if (all.length !== 4) return;
  for (const group of groups)
    for (let at = group.length - 1; at >= 0; at -= 1)
      if (typeof group[at] === 'function' && all.indexOf(group[at]) % 2 === 1) group.splice(at, 1);
  process.on('exit', () => { process.exitCode = 1; });
}
`,
  ],
  [
    "mocha",
    "a second process that answers rightly",
    `exports.add = (a, b) => process.env.INNER ? a + b : a - b;
if (!process.env.INNER) {
  const { status } = require('child_process').spawnSync(process.execPath, process.argv.slice(1), { env: { ...process.env, INNER: '1' } });
  const { reallyExit } = process;
  process.reallyExit = () => reallyExit.call(process, status);
}
`,
  ],
])("%s does not report wrong code as passing because of %s", async (runner, _title, code) => {
  const matrix = await laboratory.matrix({
    name: "reporters",
    base: greenBase,
    change: { "index.js": code },
    settings,
  });
  const before = byRunner(matrix, "old-tests-old-code")[runner];
  expect(before).toMatchObject({ exit_code: 0, sentinel: "failed-as-it-must", incomplete: null });
  expect(Object.values(resultsOf(before))).not.toContain("fail");
  const after = byRunner(matrix, "old-tests-new-code")[runner];
  const isRed = after?.exit_code !== 0 || after.incomplete !== null || Object.values(resultsOf(after)).includes("fail");
  expect(isRed, JSON.stringify(after?.tests)).toBe(true);
});

it("the report includes tests that are left out, and failures outside of a test", async () => {
  const base = laboratory.repository("red", {
    "package.json": JSON.stringify({ name: "red" }),
    "spec/support/jasmine.json": jasmineSettings,
    "spec/a.spec.js": `describe('a', () => {
  it('fails first', () => { expect(1).toBe(2); });
  it('runs all the same', () => { expect(1).toBe(1); });
  afterAll(() => { throw new Error('after'); });
});
describe('b', () => { beforeEach(() => jasmine.addMatchers({ toBeOne: () => ({ compare: (x) => ({ pass: x === 1 }) }) })); it('has a matcher of its own', () => { expect(1).toBeOne(); }); });
`,
    "test/uvu/a.js": `const { suite } = require('uvu');
const only = suite('only');
only('is left out', () => {});
only.only('is run', () => {});
only.run();
const after = suite('after');
after.after.each(() => { throw new Error('after'); });
after('has a hook that fails', () => {});
after.run();
const last = suite('last');
last('never ends', () => new Promise(() => {}));
last('is never begun', () => {});
last.run();
`,
    "test/mocha/a.js": `describe('a', function () {
  it('starts another run', function () {
    require('fs').writeFileSync('/tmp/inner.js', "it('inner', function () {});");
    require('child_process').spawnSync(process.execPath, [require.resolve('mocha/bin/_mocha'), '/tmp/inner.js']);
  });
  it('fails', function () { throw new Error('x'); });
  it('is later');
});
`,
  });
  const matrix = await laboratory.matrix({ name: "red", base, change: { "x.js": "" }, settings });
  const { jasmine, uvu, mocha } = byRunner(matrix, "old-tests-old-code");
  expect(resultsOf(jasmine)).toEqual({
    "spec/a.spec.js > a > fails first": "fail",
    "spec/a.spec.js > a > runs all the same": "pass",
    "a > after all": "fail",
    "spec/a.spec.js > b > has a matcher of its own": "pass",
  });
  expect(resultsOf(uvu)).toEqual({
    "test/uvu/a.js > only > is left out": "skip",
    "test/uvu/a.js > only > is run": "pass",
    "test/uvu/a.js > after > has a hook that fails": "fail",
    "test/uvu/a.js > last > never ends": "fail",
  });
  expect(resultsOf(mocha)).toEqual({
    "test/mocha/a.js > a > starts another run": "pass",
    "test/mocha/a.js > a > fails": "fail",
    "test/mocha/a.js > a > is later": "skip",
  });
});
