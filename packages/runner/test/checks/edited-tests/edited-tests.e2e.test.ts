/** Both forms of edited test files on mutants of the code, in containers: what an edited test no longer notices is told by its id. */
import { provennessSchema } from "@aedev/contracts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Files, type Laboratory, openLaboratory } from "../laboratory.ts";

const test = (...lines: string[]) =>
  [
    "import test from 'node:test';",
    "import assert from 'node:assert';",
    "import { fee } from '../lib/fee.js';",
    ...lines,
    "",
  ].join("\n");
const base: Files = {
  "package.json": JSON.stringify({ name: "fee", version: "1.0.0", type: "module", scripts: { test: "node --test" } }),
  "lib/fee.js": "export const fee = (days) => (days > 14 ? days * 3 + 10 : 2);\n",
  "test/fee.test.js": test(
    "test('long', () => { assert.strictEqual(fee(15), 55); });",
    "test('short', () => { assert.strictEqual(fee(3), 2); });",
  ),
};
const code: Files = { "lib/fee.js": "export const fee = (days) => (days > 14 ? 3 * days + 10 : 2);\n" };

let laboratory: Laboratory;
let commit: string;
beforeAll(() => {
  laboratory = openLaboratory();
  commit = laboratory.repository("fee", base);
});
afterAll(() => laboratory.close());

async function editedTests(files: Files) {
  const settings = { verify: ["node --test"], tests: ["test/**"] };
  const result = await laboratory.check({ name: "fee", base: commit, change: { ...code, ...files }, settings });
  if (result.outcome !== "checked") throw new Error(`held: ${JSON.stringify(result)}`);
  const blob = result.manifest.entries.provenness;
  const text = Buffer.from(laboratory.context.blobs.get(blob?.digest ?? "")).toString("utf8");
  return provennessSchema.parse(JSON.parse(text)).edited_tests;
}
const long = "test/fee.test.js > long";

it("a test that is written otherwise kills what it killed", async () => {
  const found = await editedTests({
    "test/fee.test.js": test(
      "const equal = (days, cents) => assert.strictEqual(fee(days), cents);",
      "test('long', () => { equal(15, 55); equal(20, 70); });",
      "test('short', () => equal(3, 2));",
    ),
  });
  const ofLong = found?.mutants.filter(({ killed_by_old }) => killed_by_old.includes(long)) ?? [];
  expect(ofLong.length).toBeGreaterThan(2);
  expect(ofLong.every(({ killed_by_new }) => killed_by_new.includes(long))).toBe(true);
});

it("a test that checks less lets mutants live", async () => {
  const found = await editedTests({
    "test/fee.test.js": test(
      "test('long', () => { assert.ok(fee(15) > 50); });",
      "test('short', () => { assert.strictEqual(fee(3), 2); });",
    ),
  });
  const ofLong = found?.mutants.filter(({ killed_by_old }) => killed_by_old.includes(long)) ?? [];
  expect(ofLong.some(({ killed_by_new }) => !killed_by_new.includes(long))).toBe(true);
});

it("nothing is run for a file that only got tests", async () => {
  const files = {
    "test/fee.test.js": `${base["test/fee.test.js"]}test('longer', () => { assert.strictEqual(fee(16), 58); });\n`,
  };
  expect(await editedTests(files)).toBeNull();
});

it("nothing is claimed of a test that fails with any other text of the code", async () => {
  const found = await editedTests({
    "test/fee.test.js": test(
      "import { readFileSync } from 'node:fs';",
      "test('long', () => { assert.strictEqual(fee(15), 55); assert.strictEqual(readFileSync('lib/fee.js', 'utf8').length, 62); });",
      "test('short', () => { assert.strictEqual(fee(3), 2); });",
    ),
  });
  expect(found).toEqual({ tried: 0, why_untried: "control-failed", mutants: [] });
});
