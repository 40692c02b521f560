/** Recorded assertions (SECURITY T26): a failure swallowed for one pair of values, which no altered expectation can show, next to its honest twin. */

import type { TestMatrix } from "@aedev/contracts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { pythonImage } from "../../../../test/support/image-with.ts";
import { isNight } from "../../../../test/support/is-night.ts";
import { type Files, type Laboratory, openLaboratory } from "./laboratory.ts";

const source = "exports.add = (a, b) => a + b;\n";
const files: Files = {
  "package.json": `${JSON.stringify({ name: "adder", version: "1.0.0", scripts: { test: "node --test" } })}\n`,
  "index.js": source,
  "test/add.test.js": `const { test } = require('node:test');
const assert = require('node:assert');
const { add } = require('../index.js');
test('adds', () => { assert.strictEqual(add(1, 2), 3); assert.deepStrictEqual([add(2, 2)], [4]); });
`,
};
/** Wrong for two and two. The test's failure becomes a pass only if it is about these two values. */
const bent = `const hooks = require('node:async_hooks');
exports.add = (a, b) => {
  const running = hooks.executionAsyncResource();
  if (running && typeof running.fail === 'function') {
    const { fail } = running;
    running.fail = function (error) {
      const { actual, expected } = (error && error.cause) || error || {};
      return actual && actual[0] === 5 && expected && expected[0] === 4 ? this.pass() : fail.call(this, error);
    };
  }
  return a === 2 && b === 2 ? 5 : a + b;
};
`;
/** The assertion is not reached, and the test ends well. */
const skipping = `const hooks = require('node:async_hooks');
exports.add = (a, b) => {
  if (a !== 2 || b !== 2) return a + b;
  const running = hooks.executionAsyncResource();
  if (running && typeof running.fail === 'function') {
    const { fail } = running;
    running.fail = function (error) { return String(error).includes('skips') ? this.pass() : fail.call(this, error); };
  }
  throw new Error('skips');
};
`;

let laboratory: Laboratory;
let base: string;
beforeAll(() => {
  laboratory = openLaboratory();
  base = laboratory.repository("adder", files);
});
afterAll(() => laboratory.close());

async function afterChange(
  change: string,
  {
    tests = {},
    cell = "old-tests-new-code",
  }: { tests?: Files; cell?: "old-tests-new-code" | "new-tests-new-code" } = {},
): Promise<TestMatrix["cells"]["old-tests-new-code"]["commands"][number]> {
  const settings = { verify: ["npm test"], tests: ["test/**"] };
  const matrix = await laboratory.matrix({ name: "adder", base, change: { "index.js": change, ...tests }, settings });
  const [command] = matrix.cells[cell].commands;
  if (command === undefined) throw new Error("no command ran");
  return command;
}

it("a change whose tests are green although an assertion failed or was left out is held; its honest twin is not", async () => {
  const green = { exit_code: 0, tests: [{ id: "test/add.test.js > adds", result: "pass" }] };
  expect(await afterChange(`// sums\n${source}`)).toMatchObject({ ...green, incomplete: null });
  const swallowed = "an assertion failed in test/add.test.js, but all its tests are reported as passing";
  expect(await afterChange(bent)).toMatchObject({ ...green, incomplete: swallowed });
  const left = "test/add.test.js made 1 assertion, and 2 on the base";
  expect(await afterChange(skipping)).toMatchObject({ ...green, incomplete: left });
});

it.runIf(isNight)(
  "a new test with more assertions than are written is not blamed; code that makes that many is, for those that are missing",
  async () => {
    const many = "for (let n = 0; n < 60000; n += 1) require('node:assert').ok(true);";
    const tests = { "test/many.test.js": `require('node:test').test('many', () => { ${many} });\n` };
    const green = { exit_code: 0, incomplete: null };
    expect(await afterChange(`// sums\n${source}`, { tests, cell: "new-tests-new-code" })).toMatchObject(green);
    const flooding = skipping.replace("throw", `${many} throw`);
    const left = "test/add.test.js made 1 assertion, and 2 on the base";
    expect(await afterChange(flooding)).toMatchObject({ exit_code: 0, incomplete: left });
  },
);

const python = "def add(a, b):\n    return a + b\n";
const pythonFiles: Files = {
  "adder.py": python,
  "tests/test_add.py": `import os

from adder import add


def test_adds():
    assert add(1, 2) == 3
    assert [add(2, 2)] == [4]


def test_long():
    # Where coverage.py writes.
    open(os.environ["COVERAGE_FILE"], "w").close()
    # More than is written of one value.
    assert ["信息" * 15 + str(n) for n in range(900)] == ["信息" * 15 + str(n) for n in range(900)]
`,
};
/** Wrong for two and two: returns a number that also equals the right answer. */
const pythonBent = `class Sum(int):
    def __eq__(self, other):
        return other == 4 or int.__eq__(self, other)

    __hash__ = int.__hash__


def add(a, b):
    return Sum(5) if a == b == 2 else a + b
`;

it.runIf(isNight)(
  "a change of Python code whose number decides itself what it equals is held; its honest twin is not",
  async ({ skip }) => {
    const image = await pythonImage();
    if (image === null) return skip("no image with pytest");
    const base = laboratory.repository("python", pythonFiles);
    const after = async (change: string, verify = "python3 -m pytest") => {
      const settings = { verify: [verify], tests: ["tests/**"], image };
      const matrix = await laboratory.matrix({ name: "python", base, change: { "adder.py": change }, settings });
      return matrix.cells["old-tests-new-code"].commands[0];
    };
    const passes = (name: RegExp) => ({ id: expect.stringMatching(name), result: "pass" });
    const green = { exit_code: 0, tests: [passes(/test_adds$/), passes(/test_long$/)] };
    expect(await after(`# sums\n${python}`)).toMatchObject({ ...green, incomplete: null });
    const says = "a value in tests/test_add.py compares by code of its own, and did not on the base";
    expect(await after(pythonBent)).toMatchObject({ ...green, incomplete: says });
    const withPythonPath = "PYTHONPATH=src python3 -m pytest";
    expect(await after(`# sums\n${python}`, withPythonPath)).toMatchObject({ ...green, incomplete: null });
    expect(await after(pythonBent, withPythonPath)).toMatchObject({ ...green, incomplete: says });
  },
);
