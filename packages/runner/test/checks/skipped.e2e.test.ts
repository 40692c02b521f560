/** Real checks of a change to code whose only tests are skipped: the matrix names it, but not a change to code that a test runs. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Laboratory, openLaboratory } from "./laboratory.ts";

const store = "const all = new Map([['a', 1]]);\nexports.find = (key) => all.get(key);\n";
const needy =
  "const { describe, it } = require('node:test');\nconst assert = require('node:assert');\nconst { find } = require('../lib/store.js');\n" +
  "describe('store', { skip: process.env.STORE_URL ? false : 'needs STORE_URL' }, () => {\n  it('finds a', () => assert.equal(find('a'), 1));\n  it('finds no b', () => assert.equal(find('b'), undefined));\n});\n";
const adds = "exports.add = (a, b) => a + b;\n";
const addsTest =
  "const { test } = require('node:test');\nconst assert = require('node:assert');\ntest('adds', () => assert.equal(require('../lib/add.js').add(1, 2), 3));\n";

let laboratory: Laboratory;
beforeAll(() => {
  laboratory = openLaboratory();
});
afterAll(() => laboratory.close());

it("the matrix names code that only skipped tests check, and what these tests need", async () => {
  const files = {
    "lib/store.js": store,
    "lib/add.js": adds,
    "test/store.test.js": needy,
    "test/add.test.js": addsTest,
  };
  const base = laboratory.repository("skipping", files);
  const settings = { verify: ["node --test"], tests: ["test/**"] };
  const broken = { "lib/store.js": store.replace("all.get(key)", "all.get(key + key)") };
  const { skipped } = await laboratory.matrix({ name: "skipping", base, change: broken, settings });
  expect(skipped).toEqual({
    tests: 2,
    code: [{ path: "lib/store.js", test_file: "test/store.test.js", tests: 2, needs: ["STORE_URL"] }],
  });
  const checked = { "lib/add.js": adds.replace("a + b", "b + a") };
  const other = await laboratory.matrix({ name: "skipping", base, change: checked, settings });
  expect(other.skipped).toEqual({ tests: 2, code: [] });
});
