/** The base's checks are traced in their container, and old tests on new code use the base's version of files that only tests use (SECURITY T27, T28). */

import { type WatchedPaths, watchedPathsSchema } from "@aedev/contracts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { isNight } from "../../../../../test/support/is-night.ts";
import { type Files, type Laboratory, limits, openLaboratory } from "../laboratory.ts";

let laboratory: Laboratory;
beforeAll(() => {
  laboratory = openLaboratory();
});
afterAll(() => laboratory.close());

const base: Files = {
  "package.json": JSON.stringify({ name: "x", version: "1.0.0", main: "lib/index.js" }),
  "lib/index.js": "exports.add = require('./add').add;\n",
  "lib/add.js": "exports.add = (a, b) => a + b;\n",
  "data/cases.json": "[[2, 3, 5]]\n",
  "test/a.test.js":
    "const test = require('node:test');\nconst assert = require('node:assert');\nconst { add } = require('..');\ntest('adds', () => { for (const [a, b, sum] of require('../data/cases.json')) assert.strictEqual(add(a, b), sum); });\n",
};

async function manifestOf(change: Files, more: Files = {}, bounds: Partial<typeof limits> = {}) {
  const name = `watched-${Math.random().toString(36).slice(2)}`;
  const commit = laboratory.repository(name, { ...base, ...more });
  const settings = { verify: ["node --test"] };
  const request = { name, base: commit, change, settings, limits: { ...limits, ...bounds } };
  const result = await laboratory.check(request);
  if (result.outcome !== "checked") throw new Error(JSON.stringify(result));
  return result;
}

async function check(change: Files, more: Files = {}, bounds: Partial<typeof limits> = {}) {
  const result = await manifestOf(change, more, bounds);
  const read = (entry: "watched-paths" | "test-matrix") =>
    JSON.parse(
      Buffer.from(laboratory.context.blobs.get(result.manifest.entries[entry]?.digest ?? "")).toString("utf8"),
    );
  const watched: WatchedPaths = watchedPathsSchema.parse(read("watched-paths"));
  return { watched, oldOnNew: read("test-matrix").cells["old-tests-new-code"].commands[0] };
}

it("the trace shows which files the base's tests open and look for, and which only they use", async () => {
  const { watched, oldOnNew } = await check({ "lib/add.js": "exports.add = (a, b) => b + a;\n" });
  expect(oldOnNew).toMatchObject({ exit_code: 0, incomplete: null });
  expect(watched.opened).toEqual(
    expect.arrayContaining(["data/cases.json", "lib/add.js", "lib/index.js", "test/a.test.js"]),
  );
  expect(watched.probed).toContain("lib/add");
  expect(watched.support).toEqual(["data/cases.json"]);
  expect(watched.written).toEqual([]);
  expect(watched.omitted).toBe(0);
});

it.runIf(isNight)(
  "the trace ends with a command that leaves a process behind, keeping exit code and record",
  async () => {
    const leaves =
      "require('node:child_process').spawn('sleep', ['600'], { detached: true, stdio: 'ignore' }).unref();\n";
    const { watched, oldOnNew } = await check(
      { "lib/add.js": `${leaves}exports.add = (a, b) => a + b;\n` },
      { "lib/index.js": `${leaves}exports.add = require('./add').add;\n` },
    );
    expect(oldOnNew).toMatchObject({ exit_code: 0, timed_out: false });
    expect(watched.opened).toContain("lib/add.js");
  },
);

it("a change is compared with the base's golden data although it rewrites that data", async () => {
  const wrong = { "lib/add.js": "exports.add = (a, b) => a - b;\n" };
  const { oldOnNew } = await check({ ...wrong, "data/cases.json": "[[2, 3, -1]]\n" });
  expect(oldOnNew.exit_code).not.toBe(0);
  expect(oldOnNew.tests).toMatchObject([{ result: "fail" }]);
});

it.runIf(isNight)("a record may be larger than the files that code under test may write", async () => {
  const searches = `const fs = require('node:fs');
for (let n = 0; n < 8000; n += 1) fs.existsSync(__dirname + '/' + 'missing'.repeat(20) + n);
`;
  const change = { "lib/add.js": "exports.add = (a, b) => b + a;\n" };
  const bounds = { file_size_bytes: 512 * 1024 };
  const { watched, oldOnNew } = await check(change, { "test/b.test.js": searches }, bounds);
  expect(oldOnNew).toMatchObject({ exit_code: 0, incomplete: null });
  expect(watched.probed.length).toBeGreaterThan(8000);
});

it.runIf(isNight)("a base whose record became too large runs again without a trace", async () => {
  const kills = `const tracer = Number(/^TracerPid:\\s*(\\d+)$/m.exec(require('node:fs').readFileSync('/proc/self/status', 'utf8'))[1]);
if (tracer !== 0) process.kill(tracer, 'SIGXFSZ');
`;
  const { manifest } = await manifestOf(
    { "lib/add.js": "exports.add = (a, b) => b + a;\n" },
    { "test/b.test.js": kills },
  );
  expect(manifest.entries["watched-paths"]).toBeUndefined();
  const matrix = JSON.parse(
    Buffer.from(laboratory.context.blobs.get(manifest.entries["test-matrix"]?.digest ?? "")).toString("utf8"),
  );
  for (const cell of ["old-tests-old-code", "old-tests-new-code"])
    expect(matrix.cells[cell].commands[0]).toMatchObject({ exit_code: 0, incomplete: null });
});
