/** Code under test and control files that try to make failing tests pass with node:test; each attack with its honest twin. */
import type { CommandResult, TestMatrix } from "@aedev/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Files, type Laboratory, limits, openLaboratory } from "./laboratory.ts";

const source = "exports.add = (a, b) => a + b;\n";
const broken = "exports.add = (a, b) => a - b;\n";
const test = `const { test } = require('node:test');
const assert = require('node:assert');
const { add } = require('../index.js');
test('adds', () => assert.strictEqual(add(1, 2), 3));
`;
const files: Files = {
  "package.json": `${JSON.stringify({ name: "adder", version: "1.0.0", scripts: { test: "node --test" } }, null, 2)}\n`,
  "index.js": source,
  "test/add.test.js": test,
  "test/other.test.js":
    "require('node:test').test('other', () => require('node:assert').ok(require('../index.js').add));\n",
};

let laboratory: Laboratory;
let base: string;
beforeAll(() => {
  laboratory = openLaboratory();
  base = laboratory.repository("adder", files);
});
afterAll(() => laboratory.close());

const check = (change: Files, verify = ["npm test"]) =>
  laboratory.matrix({ name: "adder", base, change, settings: { verify, tests: ["test/**"] } });

function only(matrix: TestMatrix, name: keyof TestMatrix["cells"]): CommandResult {
  const [command] = matrix.cells[name].commands;
  if (command === undefined) throw new Error(`${name} ran no command`);
  return command;
}
const isRed = (command: CommandResult) =>
  command.incomplete !== null || command.exit_code !== 0 || command.tests?.some(({ result }) => result === "fail");

describe("a change under node:test", () => {
  it("is trusted if it is honest, and cells with equal trees share one result", async () => {
    const matrix = await check({ "index.js": `// sums\n${source}` });
    expect(only(matrix, "new-tests-new-code")).toMatchObject({
      exit_code: 0,
      format: "node-test",
      sentinel: "failed-as-it-must",
      incomplete: null,
      tests: [
        { id: "test/add.test.js > adds", result: "pass" },
        { id: "test/other.test.js > other", result: "pass" },
      ],
    });
    expect(matrix.cells["new-tests-old-code"].why_not).toContain("old-tests-old-code");
    expect(matrix.cells["new-tests-new-code"].why_not).toContain("old-tests-new-code");
    expect(matrix.own_control).toBeNull();
  });

  it.each<[string, Files]>([
    ["is plainly wrong", { "index.js": broken }],
    ["ends the process on import", { "index.js": `${broken}process.exit(0);\n` }],
    [
      "patches the assertion it fails",
      { "index.js": `${broken}require('node:assert').strictEqual = () => undefined;\n` },
    ],
    [
      "patches every assertion",
      {
        "index.js": `${broken}const a = require('node:assert'); for (const k of Object.keys(a)) if (typeof a[k] === 'function') a[k] = () => undefined;\n`,
      },
    ],
    [
      "patches the assertion for just the values it gets wrong",
      {
        "index.js": `${broken}const a = require('node:assert'); const real = a.strictEqual; a.strictEqual = (x, y) => (x === -1 ? undefined : real(x, y));\n`,
      },
    ],
    ["sets the exit code at exit", { "index.js": `${broken}process.on('exit', () => { process.exitCode = 0; });\n` }],
    [
      "prints a passing report and writes one where it guesses",
      {
        "index.js": `${broken}console.log('TAP version 13\\nok 1 - adds\\n1..1');
const fs = require('node:fs');
const folder = require('node:path').dirname(/destination=(\\S+)/.exec(process.env.NODE_OPTIONS)[1]);
for (const name of fs.readdirSync(folder)) { try { fs.writeFileSync(folder + '/' + name, '<testsuites><testcase name="adds" file="test/add.test.js"/></testsuites>'); } catch (error) { console.log(error.message); } }
for (const name of ['junit.xml', 'report.xml']) { try { fs.writeFileSync(folder + '/' + name, '<testsuites/>'); } catch (error) { console.log(error.message); } }\n`,
      },
    ],
    [
      "brings a test script that always passes",
      {
        "index.js": broken,
        "package.json": `${JSON.stringify({ name: "adder", version: "1.0.1", scripts: { test: "true" } })}\n`,
      },
    ],
    [
      "preloads code by its own .npmrc",
      {
        "index.js": broken,
        ".npmrc": "node-options=--require=./patch.js\n",
        "patch.js": "require('node:assert').strictEqual = () => undefined;\n",
      },
    ],
    ["empties its test", { "index.js": broken, "test/add.test.js": "" }],
  ])("is not trusted if it %s", async (_title, change) => {
    const matrix = await check(change);
    expect(isRed(only(matrix, "old-tests-old-code"))).toBe(false);
    expect(isRed(only(matrix, "old-tests-new-code"))).toBe(true);
  });

  it("has its own control files run once more, as evidence only", async () => {
    const matrix = await check({
      "package.json": `${JSON.stringify({ name: "adder", version: "1.0.1", scripts: { test: "true" } })}\n`,
    });
    expect(only(matrix, "new-tests-new-code")).toMatchObject({ exit_code: 0, incomplete: null });
    expect(matrix.own_control?.ran).toBe(true);
  });

  it("gives no separate results of old and new tests if the repository names no test files", async () => {
    const change = { "index.js": `// sums\n${source}` };
    const request = { name: "adder", base, change, settings: { verify: ["node --test"], tests: [] } };
    const matrix = await laboratory.matrix(request);
    expect(matrix.cells["old-tests-new-code"]).toMatchObject({ ran: false });
    expect(matrix.cells["new-tests-new-code"].ran).toBe(true);
  });

  it("gets only an exit code if no runner is known, and is stopped at its limits", async () => {
    const plain = await check({ "index.js": `// sums\n${source}` }, ["node -e 'require(\"./index.js\")'"]);
    expect(only(plain, "new-tests-new-code")).toMatchObject({
      format: "exit-code",
      tests: null,
      sentinel: "none",
      incomplete: null,
    });
    const slow = { ...limits, check_timeout_ms: 2000, run_bytes: 20 * 1024 * 1024 };
    const hang = await laboratory.matrix({
      name: "adder",
      base,
      change: {},
      limits: slow,
      settings: { verify: ["sleep 60", "dd if=/dev/zero of=big bs=1M count=200; sleep 60"] },
    });
    const [sleeping, writing] = hang.cells["old-tests-old-code"].commands;
    expect(sleeping).toMatchObject({ timed_out: true, exit_code: null });
    expect(writing?.incomplete).toMatch(/wrote more|time limit/);
  });
});

describe("checks that can't run", () => {
  it("are held with a code that says why, and run once the request is right", async () => {
    const change = { "index.js": `// sums\n${source}` };
    const request = { name: "adder", base, change, settings: { verify: ["true"] } };
    expect(await laboratory.check(request)).toMatchObject({ outcome: "checked" });
    expect(await laboratory.check({ ...request, settings: { image: "no-such-image:1" } })).toMatchObject({
      code: "HOLD-TOOLCHAIN",
    });
    const elsewhere = Buffer.from(
      laboratory.patch("adder", base, change).toString().replace("exports.add", "exports.sum"),
    );
    expect(await laboratory.check({ ...request, bytes: elsewhere })).toMatchObject({ code: "HOLD-BASE-MOVED" });
    expect(await laboratory.check({ ...request, base: "0".repeat(40), bytes: elsewhere })).toMatchObject({
      code: "HOLD-FETCH-FAILED",
    });
    const prepare = { ...request.settings, prepare: "echo no such thing; exit 7" };
    expect(await laboratory.check({ ...request, settings: prepare })).toMatchObject({
      code: "HOLD-PREPARE-FAILED",
      detail: expect.stringContaining("no such thing"),
    });
  });
});
