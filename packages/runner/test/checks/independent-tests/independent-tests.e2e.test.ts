/**
 * Another run's tests and code beside a change, in containers: a test or a call that shows the change to be wrong is reported, but not a test that fits that
 * run's code only.
 */
import {
  independentTestsSchema,
  noneLeftOut,
  type SecondImplementation,
  secondImplementationSchema,
} from "@aedev/contracts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { isNight } from "../../../../../test/support/is-night.ts";
import { compiledImage, type Files, goAdder, type Laboratory, openLaboratory } from "../laboratory.ts";

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
  "lib/fee.js": "export const fee = (days) => days * 3;\n",
  "test/fee.test.js": test("test('three a day', () => assert.strictEqual(fee(2), 6));"),
};
const code = (expression: string): Files => ({ "lib/fee.js": `export const fee = (days) => ${expression};\n` });
const right = code("(days > 14 ? days * 3 + 10 : days * 3)");
const wrong = code("(days >= 14 ? days * 3 + 10 : days * 3)");
/** The other run's code. */
const own = code("days * 3 + (days > 14 ? 10 : 0)");
const tests: Files = {
  "test/late.test.js": test(
    "test('long', () => assert.strictEqual(fee(15), 55));",
    "test('on the last day', () => assert.deepStrictEqual([fee(14), fee(16)], [42, 58]));",
  ),
};

let laboratory: Laboratory;
let commit: string;
beforeAll(() => {
  laboratory = openLaboratory();
  commit = laboratory.repository("fee", base);
});
afterAll(() => laboratory.close());

async function independentTests(change: Files, other: Files | null, bases = { work: commit, independent: commit }) {
  const result = await laboratory.check({
    ...{ name: "fee", base: bases.work, change, settings: { verify: ["node --test"], tests: ["test/**"] } },
    ...(other === null ? {} : { independent: { base: bases.independent, change: other } }),
  });
  if (result.outcome !== "checked") throw new Error(`held: ${JSON.stringify(result)}`);
  const { "independent-tests": tests, "second-implementation": code } = result.manifest.entries;
  const read = ({ digest }: { digest: string }) =>
    JSON.parse(Buffer.from(laboratory.context.blobs.get(digest)).toString("utf8"));
  second = code === undefined ? null : secondImplementationSchema.parse(read(code));
  return tests === undefined ? null : independentTestsSchema.parse(read(tests));
}
/** The other run's code beside the change of the last checks. */
let second: SecondImplementation | null = null;
const files = Object.keys(tests);

it.runIf(isNight)(
  "a test of another run that a wrong change fails is named, whatever the change's own tests show",
  async () => {
    const theirs = { "test/late.test.js": test("test('on the last day', () => assert.strictEqual(fee(14), 52));") };
    expect(await independentTests({ ...wrong, ...theirs }, { ...own, ...tests })).toEqual({
      ...{ files, passed: 1, failed: ["test/late.test.js > on the last day"], uncounted: 0 },
    });
    // The change's own test is wrong, so it fails on the other code.
    expect(second).toMatchObject({ tests_passed: 0, tests_failed: ["test/late.test.js > on the last day"] });
    expect(second?.cases).toContainEqual({
      ...{ path: "lib/fee.js", name: "fee", input: "(14)", change: "52", other: "42", base: "42" },
      changed_by: "change",
    });
  },
);

it.runIf(isNight)(
  "a test of the change that calls what only the change has says nothing about the other code",
  async () => {
    const late = { "lib/late.js": "export const isLate = (days) => days > 14;\n" };
    const change = code("days * 3 + (isLate(days) ? 10 : 0)");
    const text = `import { isLate } from './late.js';\n${change["lib/fee.js"]}export { isLate };\n`;
    const asked = "import * as all from '../lib/fee.js';";
    const named = { "test/own.test.js": test(asked, "test('is late', () => assert.ok(all.isLate(15)));") };
    await independentTests({ ...late, "lib/fee.js": text, ...named }, { ...own, ...tests });
    expect(second).toMatchObject({ tests_passed: 0, tests_failed: [] });
  },
);

it("a right change passes the other run's tests, and without such a run there is no entry", async () => {
  expect(await independentTests(right, { ...own, ...tests })).toEqual({ files, passed: 2, failed: [], uncounted: 0 });
  expect(second).toMatchObject({ cases: [], more: 0, tests_passed: 0, tests_failed: [], left_out: noneLeftOut });
  expect([second?.compared, second?.agreed].map((count) => (count ?? 0) > 1)).toEqual([true, true]);
  expect(await independentTests(right, null)).toBeNull();
  expect(second).toBeNull();
});

it.runIf(isNight)("what one version leaves behind when it is called does not reach the other", async () => {
  const copies = code("(days > 14 ? (existsSync('/tmp/fee') ? days * 3 + 10 : 0) : days * 3)")["lib/fee.js"];
  const leaves = code("(writeFileSync('/tmp/fee', '1'), days > 14 ? days * 3 + 10 : days * 3)")["lib/fee.js"];
  const change = { "lib/fee.js": `import { existsSync } from 'node:fs';\n${copies}` };
  const other = { "lib/fee.js": `import { writeFileSync } from 'node:fs';\n${leaves}` };
  await independentTests(change, { ...other, ...tests });
  expect(second?.cases).toContainEqual(expect.objectContaining({ input: "(15)", change: "0", other: "55" }));
});

it.runIf(isNight)(
  "a failed test does not count if it passes on the base, or fails on the code written with it",
  async () => {
    const more = {
      "test/more.test.js": test(
        "import { readFileSync } from 'node:fs';",
        "test('is short', () => assert.ok(readFileSync('lib/fee.js', 'utf8').length < 65));",
        "test('costs nothing', () => assert.strictEqual(fee(1), 0));",
      ),
    };
    expect(await independentTests(right, { ...own, ...tests, ...more })).toEqual({
      ...{ files: [...files, "test/more.test.js"], passed: 2, failed: [], uncounted: 2 },
    });
  },
);

it.runIf(isNight)(
  "tests of code that only the other run has do not load, and that code does not come with them",
  async () => {
    const other = {
      "lib/late.js": "export const late = (days) => days > 14;\n",
      "test/late.test.js": test(
        "import { late } from '../lib/late.js';",
        "test('late', () => assert.ok(late(15) && fee(15) === 55));",
      ),
    };
    expect(await independentTests(wrong, { ...own, ...other })).toEqual({
      ...{ files, passed: 0, failed: [], uncounted: 0, why_none: "not-loaded" },
    });
    expect(await independentTests(wrong, own)).toEqual({
      ...{ files: [], passed: 0, failed: [], uncounted: 0, why_none: "no-files" },
    });
  },
);

it.runIf(isNight)(
  "the other run may have started from an older base, and its change can't hold the checks",
  async () => {
    const next = laboratory.commit("fee", commit, { "lib/day.js": "export const day = 1;\n" });
    expect(await independentTests(wrong, { ...own, ...tests }, { work: next, independent: commit })).toMatchObject({
      ...{ files, passed: 1, failed: ["test/late.test.js > on the last day"], uncounted: 0 },
    });
    const gone = "0".repeat(40);
    const patch = { bytes: laboratory.patch("fee", commit, { ...own, ...tests }) };
    const result = await laboratory.check({
      ...{ name: "fee", base: next, change: right, settings: { verify: ["node --test"], tests: ["test/**"] } },
      independent: { base: gone, ...patch },
    });
    if (result.outcome !== "checked") throw new Error(`held: ${JSON.stringify(result)}`);
    const digest = result.manifest.entries["independent-tests"]?.digest ?? "";
    expect(JSON.parse(Buffer.from(laboratory.context.blobs.get(digest)).toString("utf8"))).toEqual({
      ...{ files: [], passed: 0, failed: [], uncounted: 0, why_none: "unavailable" },
    });
  },
);

it.runIf(isNight)(
  "Go packages are not compared if one of them does not compile with the tests, or fails without a failed test",
  async () => {
    const image = await compiledImage();
    const strict = `${goAdder.test.replace('import "testing"', 'import (\n\t"os"\n\t"testing"\n)')}
func TestMain(m *testing.M) {
	code := m.Run()
	if _, err := os.Stat("late_test.go"); err == nil {
		code = 1
	}
	os.Exit(code)
}
`;
    const start = laboratory.repository("adders", {
      "go.mod": "module example.com/adders\n\ngo 1.18\n",
      ...{ "one/add.go": goAdder.code("+"), "one/add_test.go": goAdder.test },
      ...{ "other/add.go": goAdder.code("+"), "other/add_test.go": strict },
    });
    const more = goAdder.test.replace("TestAdd", "TestMore");
    const other = { "one/more_test.go": more, "other/sum.go": goAdder.code("+").replace("Add", "Sum") };
    const found = async (change: Files) => {
      const result = await laboratory.check({
        ...{ name: "adders", base: start, change: { "one/add.go": goAdder.code("+", "\n// Add sums.") } },
        settings: { verify: ["go test ./..."], tests: ["**/*_test.go"], image },
        independent: { base: start, change: { ...other, ...change } },
      });
      if (result.outcome !== "checked") throw new Error(`held: ${JSON.stringify(result)}`);
      const digest = result.manifest.entries["independent-tests"]?.digest ?? "";
      return JSON.parse(Buffer.from(laboratory.context.blobs.get(digest)).toString("utf8"));
    };
    const notLoaded = { passed: 0, failed: [], uncounted: 0, why_none: "not-loaded" };
    expect(await found({ "other/more_test.go": more })).toMatchObject({ passed: 2, failed: [], uncounted: 0 });
    expect(await found({ "other/more_test.go": more.replace("Add(", "Sum(") })).toMatchObject(notLoaded);
    expect(await found({ "other/late_test.go": more })).toMatchObject(notLoaded);
  },
  900_000,
);

it.runIf(isNight)(
  "functions of Go are called in both versions, and private ones leave a trace",
  async () => {
    const image = await compiledImage();
    const add = (name: string, limit: string) =>
      `package adder\n\nfunc ${name}(a, b int) int {\n\tif b ${limit} {\n\t\treturn 9\n\t}\n\treturn a + b\n}\n`;
    const tested = (name: string, b: number) =>
      `package adder\n\nimport "testing"\n\nfunc TestAt${b}(t *testing.T) {\n\tif ${name}(1, ${b}) != 9 {\n\t\tt.Fatal(${b})\n\t}\n}\n`;
    const found = async (name: string) => {
      const start = laboratory.repository(`adder-${name}`, {
        "go.mod": "module example.com/adder\n\ngo 1.18\n",
        "add.go": add(name, "> 99"),
        "add_test.go": tested(name, 100),
      });
      const result = await laboratory.check({
        ...{ name: `adder-${name}`, base: start },
        change: { "add.go": add(name, "> 9"), "ten_test.go": tested(name, 10) },
        settings: { verify: ["go test ./..."], tests: ["**/*_test.go"], image },
        independent: { base: start, change: { "add.go": add(name, ">= 9"), "nine_test.go": tested(name, 9) } },
      });
      if (result.outcome !== "checked") throw new Error(`held: ${JSON.stringify(result)}`);
      const digest = result.manifest.entries["second-implementation"]?.digest ?? "";
      const text = Buffer.from(laboratory.context.blobs.get(digest)).toString("utf8");
      return secondImplementationSchema.parse(JSON.parse(text));
    };
    const open = await found("Add");
    expect(open.cases).toContainEqual(
      expect.objectContaining({ input: "(1, 9)", change: "10", other: "9", base: "10" }),
    );
    expect(open.left_out).toEqual(noneLeftOut);
    const hidden = await found("add");
    expect([hidden.cases, hidden.left_out.private > 0]).toEqual([[], true]);
  },
  900_000,
);
