/** Both forms of edited test files run on mutants of the code, in containers: the ids of tests that no longer notice a mutant are reported. */
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
const long = ["test('long', () => {", "  assert.strictEqual(fee(15), 55);", "});"];
const short = ["test('short', () => {", "  assert.strictEqual(fee(3), 2);", "});"];
const base: Files = {
  "package.json": JSON.stringify({ name: "fee", version: "1.0.0", type: "module", scripts: { test: "node --test" } }),
  "lib/fee.js": "export const fee = (days) => (days > 14 ? days * 3 + 10 : 2);\n",
  "test/fee.test.js": test(...long, ...short),
};
const code: Files = { "lib/fee.js": "export const fee = (days) => (days > 14 ? 3 * days + 10 : 2);\n" };

let laboratory: Laboratory;
let commit: string;
beforeAll(() => {
  laboratory = openLaboratory();
  commit = laboratory.repository("fee", base);
});
afterAll(() => laboratory.close());

async function editedTests(files: Files, of = { name: "fee", base: commit }) {
  const settings = { verify: ["node --test"], tests: ["test/**"] };
  const result = await laboratory.check({ ...of, change: files, settings });
  if (result.outcome !== "checked") throw new Error(`held: ${JSON.stringify(result)}`);
  const blob = result.manifest.entries.provenness;
  const text = Buffer.from(laboratory.context.blobs.get(blob?.digest ?? "")).toString("utf8");
  return provennessSchema.parse(JSON.parse(text)).edited_tests;
}
const id = "test/fee.test.js > long";
const withLines = (...lines: string[]): Files => ({
  "test/fee.test.js": test(...long.slice(0, 1), ...lines, ...long.slice(1), ...short),
});

it("a test that got more assertions kills all mutants that it killed before", async () => {
  const found = await editedTests(withLines("  assert.strictEqual(fee(20), 70);"));
  const own = found?.mutants.filter(({ killed_by_old }) => killed_by_old.includes(id)) ?? [];
  expect(own.length).toBeGreaterThan(2);
  expect(own.every(({ killed_by_new }) => killed_by_new.includes(id))).toBe(true);
  expect(found).toMatchObject({ paths: ["test/fee.test.js"], untried: 0 });
});

it("a test that now ends early lets mutants live", async () => {
  const found = await editedTests(withLines("  if (fee(3) > 0) return;"));
  const own = found?.mutants.filter(({ killed_by_old }) => killed_by_old.includes(id)) ?? [];
  expect(own.some(({ killed_by_new }) => !killed_by_new.includes(id))).toBe(true);
});

it("a test with another input may kill fewer mutants", async () => {
  const other = long.map((line) => line.replace("fee(15), 55", "fee(1), 2"));
  const found = await editedTests({ "test/fee.test.js": test(...other, ...short) });
  const lost = found?.mutants.filter(({ killed_by_old: old, killed_by_new: now }) => now.length < old.length) ?? [];
  expect(lost.length).toBeGreaterThan(0);
});

it("no mutant runs for a file that only got new tests, or if code changes too", async () => {
  const more = ["test('longer', () => {", "  assert.strictEqual(fee(16), 58);", "});"];
  expect(await editedTests({ "test/fee.test.js": test(...long, ...short, ...more) })).toBeNull();
  const ends = withLines("  if (fee(3) > 0) return;");
  expect(await editedTests({ ...code, ...ends })).toBeNull();
});

it("a test that fails on any other text of the code proves nothing", async () => {
  const reading = "  assert.strictEqual((await import('node:fs')).readFileSync('lib/fee.js', 'utf8').length, 62);";
  const files = {
    "test/fee.test.js": withLines(reading)["test/fee.test.js"]?.replace("long', ()", "long', async ()") ?? "",
  };
  // The title is on another line now, so the base has it too.
  const changed = { ...base, "test/fee.test.js": files["test/fee.test.js"].replace(`${reading}\n`, "") };
  const asynchronous = laboratory.repository("reading", changed);
  expect(await editedTests(files, { name: "reading", base: asynchronous })).toEqual({
    ...{ paths: ["test/fee.test.js"], tried: 0, untried: 0, why_untried: "control-failed", mutants: [] },
  });
});
