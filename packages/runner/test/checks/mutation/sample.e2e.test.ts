/** The mutation sample with the real Stryker: mutants on changed lines that tests notice or miss, and the reason if there is no sample. */
import { type MutationSample, mutationSampleSchema } from "@aedev/contracts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Files, type Laboratory, openLaboratory } from "../laboratory.ts";

const stryker =
  "npm install --prefix /tmp/stryker --no-audit --no-fund --ignore-scripts @stryker-mutator/core@10.1.1 && cp -r /tmp/stryker/node_modules .";
const settings = { verify: ["node --test"], tests: ["test/**"], mutation_time_ms: 120_000 };
const prepared = { ...settings, prepare: stryker, outputs: ["node_modules"] };
const test = (name: string, assertion: string) =>
  `const { test } = require("node:test");\nconst assert = require("node:assert");\nconst { add, sign } = require("../lib/a.js");\ntest("${name}", () => ${assertion});\n`;
const source = (add: string, sign: string) => `exports.add = (a, b) => ${add};\nexports.sign = (a) => ${sign};\n`;
const files = {
  "package.json": '{"name":"small","version":"1.0.0","type":"commonjs"}\n',
  "lib/a.js": source("Math.abs(a) + b", "a"),
  "test/a.test.js": test("adds", "assert.strictEqual(add(1, 2), 3)"),
};
const fixed = { "lib/a.js": source("a + b", "a") };
const noticing = { "test/b.test.js": test("adds negative numbers", "assert.strictEqual(add(-1, 2), 1)") };

let laboratory: Laboratory;
let base: string;
beforeAll(() => {
  laboratory = openLaboratory();
  base = laboratory.repository("small", files);
});
afterAll(() => laboratory.close());

async function sampled(change: Files, given: object = prepared): Promise<MutationSample | null> {
  const answer = await laboratory.check({ name: "small", base, change, settings: given });
  if (answer.outcome !== "checked") throw new Error(`held: ${answer.code} ${answer.detail}`);
  const entry = answer.manifest.entries["mutation-sample"];
  if (entry === undefined) return null;
  return mutationSampleSchema.parse(
    JSON.parse(Buffer.from(laboratory.context.blobs.get(entry.digest)).toString("utf8")),
  );
}

it("the sample counts mutants that the tests notice and names those that they miss, on changed lines alone", async () => {
  const noticed = await sampled({ ...fixed, ...noticing });
  expect(noticed).toMatchObject({ tool: "stryker", lines: 1, survived: 0, survivors: [], why_not: null });
  expect(noticed?.killed).toBeGreaterThan(0);
  expect(noticed?.mutants).toBe(noticed?.killed);
  // The same with a second line that runs but is never checked.
  const both = { "lib/a.js": source("a + b", "a > 0") };
  const unnoticed = await sampled({ ...both, "test/b.test.js": `${noticing["test/b.test.js"]}sign(1);\n` });
  expect(unnoticed).toMatchObject({ lines: 2, killed: noticed?.killed, why_not: null });
  expect(unnoticed?.survived).toBeGreaterThan(0);
  expect(unnoticed?.survivors).toContainEqual(
    expect.objectContaining({ file: "lib/a.js", line: 2, mutator: "EqualityOperator", replacement: "a >= 0" }),
  );
  expect(new Set(unnoticed?.survivors.map(({ line }) => line))).toEqual(new Set([2]));
});

it("the sample says why there is no result, and is no evidence if it was not requested", async () => {
  const none = { mutants: 0, killed: 0, survived: 0 };
  expect(await sampled(fixed, settings)).toMatchObject({
    ...none,
    why_not: expect.stringContaining("nothing is prepared"),
  });
  const other = "mkdir -p node_modules/a && echo 1 >node_modules/a/b";
  expect(await sampled(fixed, { ...prepared, prepare: other })).toMatchObject({
    ...none,
    why_not: expect.stringContaining("Stryker is not among the prepared outputs"),
  });
  expect(await sampled({ "README.md": "x\n" })).toMatchObject({
    ...none,
    why_not: expect.stringContaining("adds no JavaScript"),
  });
  const red = { "lib/a.js": source("a - b", "a") };
  expect(await sampled(red)).toMatchObject({ ...none, why_not: "the change's own tests do not pass" });
  expect(await sampled(fixed, { ...prepared, mutation_time_ms: 1_500 })).toMatchObject({
    survived: 0,
    why_not: expect.stringMatching(/^it reached its time limit of 2 s/),
  });
  const { mutation_time_ms: _, ...unasked } = prepared;
  expect(await sampled(fixed, unasked)).toBeNull();
});
