/** Sentinels against real runners: each assertion is reported failing under the sentinel's name, and the file's own tests stay as they were. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { runners } from "../../../src/checks/command/runners.ts";
import { placeSentinels, readSentinels } from "../../../src/checks/command/sentinel.ts";
import { parseReport } from "../../../src/checks/report/parse.ts";
import type { ReportFormat } from "../../../src/checks/report/report.ts";

const nonce = "0123456789abcdef";
const folder = mkdtempSync(join(tmpdir(), "aedev-sentinel-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const vitestFolder = dirname(fileURLToPath(import.meta.resolve("vitest/package.json")));

describe("a sentinel", () => {
  it.each([
    ["node-test", "a.test.js", "require('node:test').test('own', () => {});"],
    ["node-test", "a.test.mjs", "import { test } from 'node:test';\ntest('own', () => {});"],
    ["vitest", "a.test.ts", "import { test } from 'vitest';\ntest('own', () => {});"],
  ])("of %s in %s fails as it must, and one that was patched to pass is noticed", async (name, path, content) => {
    const runner = runners.find((one) => one.name === name);
    if (runner === undefined) throw new Error(`no runner ${name}`);
    const checkout = join(folder, path.replaceAll(".", "-"));
    mkdirSync(join(checkout, "node_modules"), { recursive: true });
    symlinkSync(vitestFolder, join(checkout, "node_modules", "vitest"));
    writeFileSync(join(checkout, path), content);
    const entries = new Map([[path, { mode: "100644", id: "0" }]]);
    const placed = placeSentinels(runner, checkout, { entries, isTest: () => true, nonce });
    const report = join(folder, `${path}.xml`);
    const command =
      name === "vitest"
        ? [join("node_modules", "vitest", "vitest.mjs"), "run", ...runner.arguments(report, "").trim().split(" ")]
        : ["--test", path];
    await new Promise((resolve) => {
      const env = { PATH: process.env.PATH, ...runner.environment(report) };
      execFile(process.execPath, command, { cwd: checkout, env }, resolve);
    });
    const { tests, problem } = await parseReport("junit", readFileSync(report, "utf8"), { checkout });
    expect(problem).toBeNull();
    const reading = readSentinels(tests, { placed, nonce, runner, expected: [path] });
    expect(reading).toMatchObject({ state: "failed-as-it-must", problem: null });
    expect(reading.tests.map(({ result }) => result)).toEqual(["pass"]);

    const patched = tests.map((test, index) =>
      index === tests.length - 1 ? { ...test, result: "pass" as const } : test,
    );
    expect(readSentinels(patched, { placed, nonce, runner, expected: [path] }).state).toBe("reported-passing");
    expect(readSentinels(reading.tests, { placed, nonce, runner, expected: [path] }).state).toBe("not-reported");
  });

  it("is cut off where a report takes its parser too long", async () => {
    const slow = await parseReport("tap", "TAP version 13\nok 1 a\n1..1\n", { checkout: "/", timeoutMs: 1 });
    expect(slow.problem).toContain("in time");
    expect(await parseReport("tap", "TAP version 13\nok 1 a\n1..1\n", { checkout: "/" })).toMatchObject({
      problem: null,
    });
  });

  it.each<[ReportFormat, string, string]>([
    ["jest", '{"numTotalTests":0,"numPassedTests":0,"numFailedTests":0,"wasInterrupted":false,"testResults":[]}', "["],
    ["go", '{"Action":"pass","Package":"p"}', '{"Action":'],
    [
      "libtest",
      "running 0 tests\ntest result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out",
      "test a ",
    ],
  ])(
    "is refused where a %s report is a bomb, and the parser lives through it or dies alone",
    async (format, honest, filler) => {
      expect(await parseReport(format, honest, { checkout: "/" })).toEqual({ tests: [], problem: null });
      for (const bomb of [filler.repeat(2_000_000), `${filler}\n`.repeat(500_000), "x".repeat(33 * 1024 * 1024)])
        expect((await parseReport(format, bomb, { checkout: "/" })).problem).not.toBeNull();
    },
  );
});
