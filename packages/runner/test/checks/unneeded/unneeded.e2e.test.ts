/** Tests on variants of changed code, in containers: parts that no test needs are named, unless the tests also fail with a comment added. */
import { provennessSchema } from "@aedev/contracts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Files, type Laboratory, openLaboratory } from "../laboratory.ts";

const test = (...lines: string[]) =>
  ["import test from 'node:test';", "import assert from 'node:assert';", ...lines, ""].join("\n");
const base: Files = {
  "package.json": JSON.stringify({ name: "days", version: "1.0.0", type: "module", scripts: { test: "node --test" } }),
  "lib/days.js": "export const day = (at) => at;\n",
  "test/days.test.js": test(
    "import { day } from '../lib/days.js';",
    "test('day', () => assert.strictEqual(day(3), 3));",
  ),
};
const change: Files = { "lib/days.js": "export const day = (at) => at % 7;\n" };
const needing: Files = {
  "test/week.test.js": test(
    "import { day } from '../lib/days.js';",
    "test('next week', () => assert.strictEqual(day(9), 2));",
  ),
};
/** A test that checks the length of the code. */
const reading: Files = {
  "test/length.test.js": test(
    "import { readFileSync } from 'node:fs';",
    "test('length', () => assert.ok([31, 35].includes(readFileSync('lib/days.js', 'utf8').length)));",
  ),
};

let laboratory: Laboratory;
let commit: string;
beforeAll(() => {
  laboratory = openLaboratory();
  commit = laboratory.repository("days", base);
});
afterAll(() => laboratory.close());

async function unneeded(files: Files) {
  const settings = { verify: ["node --test"], tests: ["test/**"] };
  const result = await laboratory.check({ name: "days", base: commit, change: files, settings });
  if (result.outcome !== "checked") throw new Error(`held: ${JSON.stringify(result)}`);
  const blob = result.manifest.entries.provenness;
  const text = Buffer.from(laboratory.context.blobs.get(blob?.digest ?? "")).toString("utf8");
  return provennessSchema.parse(JSON.parse(text)).unneeded;
}

it("a part that no test needs is named, but not one that a test needs", async () => {
  expect(await unneeded(change)).toEqual({
    tried: 1,
    untried: 0,
    parts: [{ path: "lib/days.js", line: 1, before: "at % 7", after: "at" }],
  });
  expect(await unneeded({ ...change, ...needing })).toEqual({ tried: 1, untried: 0, parts: [] });
});

it("no part is named if a test fails on any other text of the code", async () => {
  expect(await unneeded({ ...change, ...reading })).toEqual({
    ...{ tried: 0, untried: 1, why_untried: "control-failed", parts: [] },
  });
});
