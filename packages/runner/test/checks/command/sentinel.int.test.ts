/** Sentinels against real runners: each assertion is reported failing under the sentinel's name, and the file's own tests are unaffected. */
import { execFile, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
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
/** The chai that vitest itself uses. */
const chaiFolder = dirname(
  createRequire(join(realpathSync(vitestFolder), "package.json")).resolve("chai/package.json"),
);

describe("a sentinel", () => {
  it.each([
    ["node-test", "a.test.js", "require('node:test').test('own', () => {});"],
    ["node-test", "a.test.mjs", "import { test } from 'node:test';\ntest('own', () => {});"],
    ["vitest", "a.test.ts", "import { test } from 'vitest';\ntest('own', () => {});"],
  ])("a sentinel of %s in %s fails as it must, and one patched to pass is noticed", async (name, path, content) => {
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
    const reading = readSentinels(tests, { placed, nonce, runner, expected: [path], reachedBefore: null });
    expect(reading).toMatchObject({ state: "failed-as-it-must", problem: null });
    expect(reading.tests.map(({ result }) => result)).toEqual(["pass"]);

    const patched = tests.map((test, index) =>
      index === tests.length - 1 ? { ...test, result: "pass" as const } : test,
    );
    expect(readSentinels(patched, { placed, nonce, runner, expected: [path], reachedBefore: null }).state).toBe(
      "reported-passing",
    );
    expect(readSentinels(reading.tests, { placed, nonce, runner, expected: [path], reachedBefore: null }).state).toBe(
      "not-reported",
    );
  });

  it.each([
    [
      "a.test.cjs",
      "const { expect } = require('chai');\nrequire('node:test').test('own', () => {});\n",
      "require('chai')",
    ],
    [
      "a.test.mjs",
      "import { test } from 'node:test';\nimport * as chai from 'chai';\ntest('own', () => {});\n",
      "chai",
    ],
  ])("a sentinel of node-test in %s notices a library weakened by code", async (path, content, chai) => {
    const runner = runners.find((one) => one.name === "node-test");
    if (runner === undefined) throw new Error("no runner");
    const states: string[] = [];
    for (const attack of ["", `${chai}.Assertion.prototype.assert = () => undefined;\n`]) {
      const checkout = mkdtempSync(join(folder, "chai-"));
      mkdirSync(join(checkout, "node_modules"));
      symlinkSync(chaiFolder, join(checkout, "node_modules", "chai"));
      writeFileSync(join(checkout, path), content + attack);
      const entries = new Map([[path, { mode: "100644", id: "0" }]]);
      const placed = placeSentinels(runner, checkout, { entries, isTest: () => true, nonce });
      const report = join(checkout, "report.xml");
      await new Promise((resolve) => {
        const env = { PATH: process.env.PATH, ...runner.environment(report) };
        execFile(process.execPath, ["--test", path], { cwd: checkout, env }, resolve);
      });
      const { tests } = await parseReport("junit", readFileSync(report, "utf8"), { checkout });
      states.push(readSentinels(tests, { placed, nonce, runner, expected: [path], reachedBefore: null }).state);
    }
    expect(states).toEqual(["failed-as-it-must", "reported-passing"]);
  });

  it("pytest's sentinel notices weakened methods of unittest and comparisons of pytest", async (context) => {
    const runner = runners.find((one) => one.name === "pytest");
    if (runner === undefined) throw new Error("no runner");
    const isThere = spawnSync("python3", ["-c", "import pytest"]).status === 0;
    if (!isThere) context.annotate("not run: this machine has no pytest");
    const attacks = [
      ["", "fail", "failed-as-it-must"],
      ["import unittest\nunittest.TestCase.assertEqual = lambda *given: None\n", "pass", "reported-passing"],
      [
        "import pytest\npytest.approx = lambda value: type('Any', (), {'__eq__': lambda *_: True})()\n",
        "fail",
        "reported-passing",
      ],
    ] as const;
    for (const [attack, own, state] of isThere ? attacks : []) {
      const checkout = mkdtempSync(join(folder, "pytest-"));
      writeFileSync(join(checkout, "calc.py"), `def add(a, b):\n    return a - b\n${attack}`);
      const test = "self.assertEqual(add(1, 2), 3)";
      const header = "import unittest\nfrom calc import add\n\n";
      const content = `${header}class TestAdd(unittest.TestCase):\n    def test_adds(self):\n        ${test}\n`;
      writeFileSync(join(checkout, "test_add.py"), content);
      const entries = new Map([["test_add.py", { mode: "100644", id: "0" }]]);
      const placed = placeSentinels(runner, checkout, { entries, isTest: () => true, nonce });
      const report = join(checkout, "report.xml");
      spawnSync("python3", ["-m", "pytest"], { cwd: checkout, env: { ...process.env, ...runner.environment(report) } });
      const { tests } = await parseReport("junit", readFileSync(report, "utf8"), { checkout });
      const reading = readSentinels(tests, { placed, nonce, runner, expected: ["test_add.py"], reachedBefore: null });
      expect(reading, attack).toMatchObject({ state, tests: [{ result: own }] });
    }
  });

  it("pytest's sentinels are all reported, even if the configuration ends the run at the first failure", async (context) => {
    const runner = runners.find((one) => one.name === "pytest");
    if (runner === undefined) throw new Error("no runner");
    const isThere = spawnSync("python3", ["-c", "import pytest"]).status === 0;
    if (!isThere) {
      context.annotate("not run: this machine has no pytest");
      return;
    }
    const checkout = mkdtempSync(join(folder, "pytest-x-"));
    writeFileSync(join(checkout, "pytest.ini"), "[pytest]\naddopts = -x\n");
    const paths = ["test_a.py", "test_b.py"];
    for (const path of paths) writeFileSync(join(checkout, path), "def test_own():\n    pass\n");
    const entries = new Map(paths.map((path) => [path, { mode: "100644", id: "0" }]));
    const placed = placeSentinels(runner, checkout, { entries, isTest: () => true, nonce });
    const report = join(checkout, "report.xml");
    spawnSync("python3", ["-m", "pytest"], { cwd: checkout, env: { ...process.env, ...runner.environment(report) } });
    const { tests } = await parseReport("junit", readFileSync(report, "utf8"), { checkout });
    const reading = readSentinels(tests, { placed, nonce, runner, expected: paths, reachedBefore: null });
    expect(reading).toMatchObject({ state: "failed-as-it-must", tests: [{ result: "pass" }, { result: "pass" }] });
  });

  it("unittest's sentinel notices weakened methods; skips, subtests and broken modules stay as they are", async () => {
    const runner = runners.find((one) => one.name === "unittest");
    if (runner?.program === undefined) throw new Error("no runner");
    const content = `import unittest
from calc import add

class TestAdd(unittest.TestCase):
    def test_adds(self):
        self.assertEqual(add(1, 2), 3)
    @unittest.skip("later")
    def test_skipped(self):
        pass
    def test_parts(self):
        for part in (1, 2):
            with self.subTest(part=part):
                self.assertNotEqual(part, 2)
`;
    const worn = "import unittest\nunittest.TestCase.assertEqual = lambda *given: None\n";
    for (const [attack, own, state] of [
      ["", "fail", "failed-as-it-must"],
      [worn, "pass", "reported-passing"],
    ] as const) {
      const checkout = mkdtempSync(join(folder, "unittest-"));
      writeFileSync(join(checkout, "calc.py"), `def add(a, b):\n    return a - b\n${attack}`);
      writeFileSync(join(checkout, "test_add.py"), content);
      writeFileSync(join(checkout, "test_broken.py"), "import nothing_of_that_name\n");
      const entries = new Map([["test_add.py", { mode: "100644", id: "0" }]]);
      const placed = placeSentinels(runner, checkout, { entries, isTest: () => true, nonce });
      const [program, report] = [join(checkout, "program.py"), join(checkout, "report.xml")];
      writeFileSync(program, runner.program.source(report));
      const command = runner.program.runs("python3 -m unittest discover", program);
      expect(spawnSync("sh", ["-c", command], { cwd: checkout }).status, attack).toBe(1);
      const { tests } = await parseReport("junit", readFileSync(report, "utf8"), { checkout });
      const reading = readSentinels(tests, { placed, nonce, runner, expected: ["test_add.py"], reachedBefore: null });
      expect(reading.state, attack).toBe(state);
      expect(Object.fromEntries(reading.tests.map(({ id, result }) => [id, result]))).toEqual({
        "test_add.py > TestAdd > test_adds": own,
        "test_add.py > TestAdd > test_skipped": "skip",
        "test_add.py > TestAdd > test_parts": "fail",
        [reading.tests.find(({ id }) => id.includes("test_broken"))?.id ?? "no broken module"]: "fail",
      });
    }
  });

  it.each([
    ["makes its tests itself", "return unittest.TestSuite([TestAdd(2), TestAdd(3)])"],
    ["adds to those that unittest found", "return unittest.TestSuite([tests, TestAdd(3)])"],
    ["gives those that unittest found", "return tests"],
  ])("unittest's sentinel runs once in a file whose load_tests %s", async (_, body) => {
    const runner = runners.find((one) => one.name === "unittest");
    if (runner?.program === undefined) throw new Error("no runner");
    const checkout = mkdtempSync(join(folder, "unittest-"));
    const content = `import unittest

class TestAdd(unittest.TestCase):
    def __init__(self, given="runTest"):
        super().__init__()
        self.given = given
    def runTest(self):
        pass

def load_tests(loader, tests, pattern):
    ${body}
`;
    writeFileSync(join(checkout, "test_add.py"), content);
    const entries = new Map([["test_add.py", { mode: "100644", id: "0" }]]);
    const placed = placeSentinels(runner, checkout, { entries, isTest: () => true, nonce });
    const [program, report] = [join(checkout, "program.py"), join(checkout, "report.xml")];
    writeFileSync(program, runner.program.source(report));
    spawnSync("sh", ["-c", runner.program.runs("python3 -m unittest discover", program)], { cwd: checkout });
    const { tests } = await parseReport("junit", readFileSync(report, "utf8"), { checkout });
    const reading = readSentinels(tests, { placed, nonce, runner, expected: ["test_add.py"], reachedBefore: null });
    expect(reading.state).toBe("failed-as-it-must");
  });

  it("unittest's sentinel does not disturb tests that start processes, and has no name that a test could change", () => {
    const runner = runners.find((one) => one.name === "unittest");
    if (runner?.program === undefined) throw new Error("no runner");
    const checkout = mkdtempSync(join(folder, "unittest-"));
    writeFileSync(join(checkout, "calc.py"), "def double(queue, value):\n    queue.put(value * 2)\n");
    const content = `import multiprocessing, sys, unittest
from calc import double

class TestDouble(unittest.TestCase):
    def in_child(self, kind):
        context = multiprocessing.get_context(kind)
        queue = context.Queue()
        child = context.Process(target=double, args=(queue, 2))
        child.start()
        child.join(30)
        self.assertEqual(child.exitcode, 0)
        self.assertEqual(queue.get(timeout=10), 4)
    def test_spawn(self):
        self.in_child("spawn")
    def test_forkserver(self):
        self.in_child("forkserver")
    def test_wrong(self):
        self.in_child("wrong")
    def test_main(self):
        print(sorted(set(vars(sys.modules["__main__"])) & {"Result", "REPORT", "runner", "case"}))
        self.assertIn("unittest", sys.modules["__main__"].__file__)
`;
    writeFileSync(join(checkout, "test_double.py"), content);
    const [program, report] = [join(folder, "spawning.py"), join(folder, "spawning.xml")];
    writeFileSync(program, runner.program.source(report));
    for (const command of [
      runner.program.runs("python3 -m unittest test_double", program),
      "python3 -m unittest test_double",
    ]) {
      const ran = spawnSync("sh", ["-c", command], { cwd: checkout, encoding: "utf8" });
      expect([ran.status, ran.stdout, /FAILED \(.*\)/u.exec(ran.stderr)?.[0]]).toEqual([
        1,
        "[]\n",
        "FAILED (errors=1)",
      ]);
    }
    expect(
      readFileSync(report, "utf8").match(/<testcase [^>]*name="test_(?:spawn|forkserver|main)"><\/testcase>/gu),
    ).toHaveLength(3);
    expect(readFileSync(report, "utf8")).toContain('name="test_wrong"><failure/>');
  });

  it("is cut off if its report takes too long to parse", async () => {
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
