/** Green tests that can't fail (SECURITY T26): code that turns failures into passes, next to its honest twin, and what is proven of an honest change. */

import { type Provenness, provennessSchema } from "@aedev/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isNight } from "../../../../test/support/is-night.ts";
import { type Files, type Laboratory, openLaboratory } from "./laboratory.ts";

const source = "exports.add = (a, b) => a + b;\n";
const broken = "exports.add = (a, b) => a - b;\n";
/** These assertions are not recorded (unlike those of `recorded.e2e.test.ts`), so only altered expectations show a fault. */
const files: Files = {
  "package.json": `${JSON.stringify({ name: "adder", version: "1.0.0", scripts: { test: "node --test" } })}\n`,
  "index.js": source,
  "test/add.test.js": `const { test, describe, it } = require('node:test');
const assert = require('node:assert');
const { add } = require('../index.js');
test('adds', () => assert(add(1, 2) === 3));
describe('group', () => {
  for (const [a, b] of [[1, 1], [2, 2]]) it(\`adds \${a}\`, () => assert(add(a, b) === a + b));
});
test('asserts nothing', () => { add(1, 2); });
`,
};
/** Turns a failure of the running test into a pass, without a trace in any report. */
const forge = `const hooks = require('node:async_hooks');
exports.add = (a, b) => {
  const running = hooks.executionAsyncResource();
  if (running && typeof running.fail === 'function') running.fail = running.pass;
  return a - b;
};
`;

let laboratory: Laboratory;
let base: string;
const counted: string[] = [];
beforeAll(() => {
  laboratory = openLaboratory();
  laboratory.context.progress = (_run, said) => {
    if (typeof said === "string") counted.push(said);
  };
  base = laboratory.repository("adder", files);
});
afterAll(() => laboratory.close());

async function provenness(change: Files, options = { name: "adder", base }, verify = ["npm test"]) {
  const settings = { verify, tests: ["test/**"] };
  const result = await laboratory.check({ ...options, change, settings });
  if (result.outcome !== "checked") throw new Error(`held: ${JSON.stringify(result)}`);
  const blob = result.manifest.entries.provenness;
  const text = Buffer.from(laboratory.context.blobs.get(blob?.digest ?? "")).toString("utf8");
  return provennessSchema.parse(JSON.parse(text)) satisfies Provenness;
}

describe("the tests of an honest change", () => {
  it("are shown able to fail, except one that asserts nothing; a second change on the base does not run the base again", async () => {
    const shown = await provenness({ "index.js": `// sums\n${source}` });
    expect(shown).toEqual({
      selection: "all",
      tests_executing_change: 4,
      proven: 3,
      unproven: [{ test: "test/add.test.js > asserts nothing", reason: "no-assertion" }],
      unproven_more: 0,
      stayed_green: [],
      stayed_green_more: 0,
      coverage: {
        ...{ changed_lines: 0, covered_lines: 0, missed: 0, missed_minor: 0, ways: [] },
        ...{ unmeasured: [], unmeasured_more: 0 },
      },
      coverage_missing: null,
      // A comment has no parts to leave out.
      unneeded: null,
      edited_tests: null,
      added_tests: null,
    });
    const passes = () => counted.filter((text) => text.startsWith("checks: altered expectations on "));
    expect(passes()).toEqual(["old code", "new code"].map((name) => `checks: altered expectations on ${name}`));
    counted.length = 0;
    expect((await provenness({ "index.js": `// sums again\n${source}` })).proven).toBe(3);
    expect(passes()).toEqual(["checks: altered expectations on new code"]);
  });

  it.runIf(isNight)("take every way through the change, or the ways that they don't take are named", async () => {
    const change = { "index.js": "exports.add = (a, b) => (a > 1000 ? 1000 : a) + b;\n" };
    const shown = await provenness(change);
    expect(shown.coverage).toEqual({
      ...{ changed_lines: 1, covered_lines: 0, missed: 1, missed_minor: 0, unmeasured: [], unmeasured_more: 0 },
      ways: [{ path: "index.js", line: 1, kind: "true", is_minor: false }],
    });
    const more = `const { test } = require('node:test');
test('adds much', () => require('node:assert').strictEqual(require('../index.js').add(5000, 1), 1001));
`;
    const covered = await provenness({ ...change, "test/much.test.js": more });
    expect(covered.coverage).toMatchObject({ changed_lines: 1, covered_lines: 1, missed: 0, ways: [] });
  });

  it("are proven by the base alone if the change does not touch code", async () => {
    counted.length = 0;
    expect(await provenness({ "test/new.test.js": "require('node:test').test('new', () => {});\n" })).toMatchObject({
      proven: 3,
      stayed_green: [],
    });
    expect(counted.filter((text) => text.includes("altered"))).toEqual([]);
  });
});

describe("a test that ends the whole run when it fails", () => {
  it.runIf(isNight)("leaves only its own file unproven, and is found once for all changes on a base", async () => {
    const ending = {
      ...files,
      "test/exit.test.js": `const { test } = require('node:test');
const assert = require('node:assert');
test('stops what it began', () => {
  let isDone = false;
  try {
    assert(require('../index.js').add(2, 3) === 5);
    isDone = true;
  } finally {
    if (!isDone) process.exit(1);
  }
});
`,
      "test/more.test.js": files["test/add.test.js"] ?? "",
    };
    const own = { name: "ending", base: laboratory.repository("ending", ending) };
    const verify = ["node --test --test-isolation=none"];
    counted.length = 0;
    expect(await provenness({ "index.js": `// sums\n${source}` }, own, verify)).toMatchObject({
      proven: 6,
      unproven: expect.arrayContaining([
        { test: expect.stringContaining("stops what it began"), reason: "ends-the-run" },
      ]),
      stayed_green: [],
    });
    const onBase = () => counted.filter((text) => text.endsWith("altered expectations on old code")).length;
    expect(onBase()).toBeGreaterThan(1);
    counted.length = 0;
    expect(await provenness({ "index.js": `// sums again\n${source}` }, own, verify)).toMatchObject({ proven: 6 });
    expect(onBase()).toBe(0);
  });
});

describe("code that turns failures into passes", () => {
  it("is found by tests that stay green whatever they expect", async () => {
    expect(await provenness({ "index.js": forge })).toMatchObject({
      tests_executing_change: 4,
      proven: 0,
      unproven: [{ reason: "no-assertion" }],
      stayed_green: expect.arrayContaining(["test/add.test.js > adds"]),
    });
  });

  it("has nothing to show if it is plainly wrong, because its tests fail", async () => {
    counted.length = 0;
    expect(await provenness({ "index.js": broken })).toMatchObject({ stayed_green: [], proven: 0 });
    expect(counted.filter((text) => text.includes("altered"))).toEqual([]);
  });
});
