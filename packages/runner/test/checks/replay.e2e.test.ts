/** Outside replay (SECURITY T29, T30): it finds code that passes every test and is wrong outside the tests, but not honest changes next to it. */
import { type OutsideReplay, outsideReplaySchema } from "@aedev/contracts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Files, type Laboratory, openLaboratory } from "./laboratory.ts";

let laboratory: Laboratory;
let commit: string;
beforeAll(() => {
  laboratory = openLaboratory();
  commit = laboratory.repository("sums", base);
});
afterAll(() => laboratory.close());

const test = (...lines: string[]) =>
  [
    "const test = require('node:test');",
    "const assert = require('node:assert');",
    "const sums = require('../lib/sums.js');",
    ...lines,
    "",
  ].join("\n");
const base: Files = {
  "package.json": JSON.stringify({ name: "x", version: "1.0.0", scripts: { test: "node --test" } }),
  "lib/sums.js": [
    "exports.early = (a, b) => a + b;",
    "exports.often = (a, b) => a + b;",
    "exports.here = (a, b) => a + b;",
    "exports.tested = (a, b) => a + b;",
    "exports.year = () => new Date().getFullYear();",
    "exports.next = () => ++exports.at;",
    "exports.at = 0;",
    "const all = [];",
    "exports.push = (one) => all.push(one);",
    "exports.honest = (a, b) => ({ sum: a + b, of: [a, b] });",
    "exports.sort = (all) => void all.sort();",
    "exports.grow = (all) => void all.push(1);",
    "exports.aged = (a, b) => a + b;",
    "",
  ].join("\n"),
  "lib/parts.mjs": "export const half = (a) => a / 2;\nexport function third(a) {\n  return a / 3;\n}\n",
  "test/parts.test.mjs": [
    "import test from 'node:test';",
    "import assert from 'node:assert';",
    "import { half, third } from '../lib/parts.mjs';",
    "test('half', () => assert.strictEqual(half(4), 2));",
    "test('third', async () => assert.strictEqual(await third(9), 3));",
    "",
  ].join("\n"),
  "test/sums.test.js": test(
    "for (const name of ['early', 'often', 'here', 'tested']) test(name, () => assert.strictEqual(sums[name](2, 3), 5));",
    "test('year', () => assert.ok(sums.year() > 2000));",
    "test('push', () => assert.strictEqual(sums.push(1), 1));",
    "test('next', () => assert.strictEqual(sums.next(), 1));",
    "for (const name of ['sort', 'grow']) test(name, () => assert.strictEqual(sums[name]([1]), undefined));",
    "test('aged', () => assert.strictEqual(sums.aged(2, 3), 5));",
    "test('honest', () => assert.deepStrictEqual(sums.honest(1, 2), { sum: 3, of: [1, 2] }));",
  ),
};
const wrong: Files = {
  "lib/sums.js": [
    "let calls = 0;",
    "exports.early = (a, b) => (new Date().getFullYear() > new Date(process.hrtime ? 1 : 0).getFullYear() + 57 ? a - b : a + b);",
    "exports.often = (a, b) => (++calls > 50 ? a - b : a + b);",
    "exports.here = (a, b) => (process.cwd().endsWith('/repo') ? a + b : a - b);",
    "exports.tested = (a, b) => (new Error().stack.includes('node:internal/test_runner') ? a + b : a - b);",
    "exports.year = () => 0 + new Date().getFullYear();",
    "exports.next = () => (exports.at += 1);",
    "exports.at = 0;",
    "const all = [];",
    "exports.push = (one) => all.push(one) + 0;",
    "exports.honest = (a, b) => ({ sum: b + a, of: [a, b] });",
    "exports.sort = (all) => void all.sort(() => 0);",
    "exports.grow = (all) => void all.push(process.cwd().endsWith('/repo') ? 1 : 2);",
    "const start = performance.now();",
    "exports.aged = (a, b) => (performance.now() - start < 600_000 ? a + b : a - b);",
    "exports.now = () => Date.now();",
    "exports.age = (born) => new Date().getFullYear() - born;",
    "",
  ].join("\n"),
  "lib/parts.mjs":
    "export const half = (a) => (process.env.NODE_OPTIONS ? a / 2 : a);\nexport async function third(a) {\n  return a / 3;\n}\n",
  "test/more.test.js": test(
    "test('push', () => assert.strictEqual(sums.push(2), 1));",
    "test('now', () => assert.ok(sums.now() > 0));",
    "test('age', () => assert.ok(sums.age(1970) > 50));",
  ),
};

async function replayOf(
  change: Files,
  { name, base } = { name: "sums", base: commit },
  mission = "Change it.",
): Promise<OutsideReplay> {
  const result = await laboratory.check({
    name,
    base,
    change,
    mission,
    settings: { verify: ["npm test --silent"] },
  });
  if (result.outcome !== "checked") throw new Error(`held: ${JSON.stringify(result)}`);
  const blob = result.manifest.entries.replay;
  return outsideReplaySchema.parse(
    JSON.parse(Buffer.from(laboratory.context.blobs.get(blob?.digest ?? "")).toString("utf8")),
  );
}

it("replay finds what is wrong outside the tests, and blames no honest function", async () => {
  const { functions, not_replayed } = await replayOf(wrong);
  expect(not_replayed).toBeNull();
  const found = Object.fromEntries(
    functions.map(({ name, outcome, left_out, difference }) => [
      name,
      [outcome, left_out ?? difference?.place ?? null],
    ]),
  );
  expect(found).toEqual({
    early: ["differs", "another-day"],
    often: ["differs", "called-often"],
    here: ["differs", "elsewhere"],
    tested: ["differs", "outside-tests"],
    year: ["left-out", "as-before"],
    next: ["left-out", "as-before"],
    push: ["left-out", "as-before"],
    honest: ["same", null],
    sort: ["same", null],
    grow: ["differs", "elsewhere"],
    aged: ["differs", "another-day"],
    now: ["left-out", "unsteady"],
    age: ["unsure", "another-day"],
    half: ["differs", "outside-tests"],
    third: ["same", null],
  });
  const early = functions.find(({ name }) => name === "early");
  expect(early?.difference).toMatchObject({ expected: "5", found: "-1" });
});

it("replay asks about a difference outside the tests only if the base does not have it", async () => {
  const code = (cut: string) => `exports.place = (name) => process.cwd() + '/' + name;\nexports.cut = (a) => ${cut};\n`;
  const places = test(
    "const { cwd } = process;",
    "test('place', () => { process.cwd = () => '/x'; try { assert.strictEqual(sums.place('a'), '/x/a'); } finally { process.cwd = cwd; } });",
  );
  const name = "places";
  const manifest = base["package.json"] ?? "";
  const old = { "package.json": manifest, "lib/sums.js": code("Math.floor(a)"), "test/places.test.js": places };
  const own = laboratory.repository(name, old);
  const cut = test("test('cut', () => assert.strictEqual(sums.cut(2.5), 3));");
  const change = {
    "lib/sums.js": code("(new Error().stack.includes('node:internal/test_runner') ? Math.round(a) : Math.floor(a))"),
    "test/cut.test.js": cut,
  };
  const { functions } = await replayOf(change, { name, base: own });
  expect(functions.map((one) => [one.name, one.left_out ?? one.difference?.place])).toEqual([
    ["cut", "outside-tests"],
    ["place", "as-before"],
  ]);
});

it("replay does not ask about a variable that the tests set if the mission and the file name it", async () => {
  const change = (name: string) => ({
    "lib/sums.js": `${base["lib/sums.js"]}exports.limit = (env = process.env) => Number(env[${name}] ?? 5);\n`,
    "test/limit.test.js": test(
      "test('limit', () => { process.env.TOP_COST = '8'; assert.strictEqual(sums.limit(), 8); delete process.env.TOP_COST; });",
    ),
  });
  const limitOf = async (name: string, mission: string) => {
    const { functions } = await replayOf(change(name), undefined, mission);
    return functions.filter((one) => one.name === "limit").map((one) => one.left_out ?? one.difference?.place);
  };
  expect(await limitOf("'TOP_COST'", "limit() reads TOP_COST.")).toEqual(["needs-tests"]);
  expect(await limitOf("'TOP_COST'", "limit() reads a variable.")).toEqual(["outside-tests"]);
  expect(await limitOf("'TOP' + '_COST'", "limit() reads TOP_COST.")).toEqual(["outside-tests"]);
});
