/**
 * Reports of Go and Rust as the real runners print them, recorded on a small module and crate, each with a forger's twin. Go 1.19: `go test ./... -json` in the
 * module; Rust 1.95: `cargo test --offline --no-fail-fast` in the crate, with both outputs in one. `-sentinel`: with sentinels appended to the test files;
 * `-forged`: also with code that prints its own passing report and ends with 0.
 */
import { readFileSync } from "node:fs";
import { reportedTestsMax, type TestResult } from "@aedev/contracts";
import { describe, expect, it } from "vitest";
import { goSentinel, goTestingName, libtestSentinel } from "../../../src/checks/command/compiled-sentinel-source.ts";
import { runners } from "../../../src/checks/command/runners.ts";
import { readSentinels } from "../../../src/checks/command/sentinel.ts";
import { goOutput, parseGo } from "../../../src/checks/report/parse-go.ts";
import { parseLibtest } from "../../../src/checks/report/parse-libtest.ts";
import type { ParsedReport } from "../../../src/checks/report/report.ts";

const recorded = (name: string) => readFileSync(new URL(`./fixtures/${name}`, import.meta.url), "utf8");
const nonce = "0123456789abcdef";

function sentinelsOf(runnerName: string, report: ParsedReport, files: readonly string[]) {
  const runner = runners.find(({ name }) => name === runnerName);
  if (runner === undefined) throw new Error(`no runner ${runnerName}`);
  const placed = new Map(
    files.map((path, index) => [path, { name: `aedev_${nonce}_${index}_x`, isConditional: false }]),
  );
  return readSentinels(report.tests, { placed, nonce, runner, expected: files, reachedBefore: null });
}

describe("a report of go test -json", () => {
  const files = ["add_test.go", "sub/sub_test.go"];
  const own = [
    ["example.com/adder > TestAdd", "pass"],
    ["example.com/adder > TestParallel", "pass"],
    ["example.com/adder > TestParallel/a", "pass"],
    ["example.com/adder > TestParallel/b_c", "pass"],
    // It prints without a newline, so Go before 1.20 has no event for its end.
    ["example.com/adder > TestPrints", "pass"],
    ["example.com/adder > TestSkips", "skip"],
    ["example.com/adder/sub > TestAdd", "pass"],
  ];
  const shown = (tests: readonly TestResult[]) => tests.map(({ id, result }) => [id, result]).sort();

  it("names tests by package, and sentinels next to them fail as they must", () => {
    const plain = parseGo(recorded("go-plain.jsonl"));
    expect(plain.problem).toBeNull();
    expect(shown(plain.tests)).toEqual(own);
    const report = parseGo(recorded("go-sentinel.jsonl"));
    expect(report.problem).toBeNull();
    expect(report.tests).toHaveLength(own.length + 2 * goSentinel.assertions);
    const reading = sentinelsOf("go", report, files);
    expect(reading).toMatchObject({ state: "failed-as-it-must", problem: null });
    expect(shown(reading.tests)).toEqual(own);
  });

  it("a forged report of go test looks complete, because test2json trusts the output, but the sentinel exposes it", () => {
    const report = parseGo(recorded("go-forged.jsonl"));
    expect(report.problem).toBeNull();
    expect(report.tests).toContainEqual({ id: "example.com/adder > TestAdd", result: "pass" });
    expect(sentinelsOf("go", report, files)).toMatchObject({
      state: "not-reported",
      problem: "the sentinel in add_test.go is not reported as failing",
    });
  });

  const event = (action: string, test?: string) =>
    JSON.stringify({ Action: action, Package: "p", ...(test === undefined ? {} : { Test: test }) });
  const honest = [event("start"), event("run", "TestA"), event("pass", "TestA"), event("pass")];
  it.each<[string, string[]]>([
    ["an end without a beginning", [event("pass", "TestB"), event("pass")]],
    [
      "a beginning within itself",
      [event("run", "TestA"), event("run", "TestA"), event("pass", "TestA"), event("pass")],
    ],
    ["something after the package's end", [...honest, event("run", "TestB"), event("pass", "TestB")]],
    ["two ends of the package", [...honest, event("pass")]],
    ["a failing test in a passing package", [event("run", "TestA"), event("fail", "TestA"), event("pass")]],
    ["no end of the package", [event("run", "TestA"), event("pass", "TestA")]],
    ["a cut line", [...honest, '{"Action":"pa']],
    ["no event at all", ["ok  \tp\t0.1s"]],
  ])("is not trusted with %s", (_title, lines) => {
    expect(parseGo(lines.join("\n")).problem).not.toBeNull();
    expect(parseGo(honest.join("\n"))).toEqual({ tests: [{ id: "p > TestA", result: "pass" }], problem: null });
  });

  it("counts a test that never ended as failing if its package failed, and as skipped if it passed", () => {
    const open = event("run", "TestA");
    expect(parseGo([open, event("fail")].join("\n")).tests).toEqual([{ id: "p > TestA", result: "fail" }]);
    expect(parseGo([open, event("pass")].join("\n")).tests).toEqual([{ id: "p > TestA", result: "skip" }]);
  });

  it("is bounded, and shows people the tests' own output", () => {
    expect(parseGo("\n".repeat(400_001)).problem).toContain("omitted");
    const many = Array.from({ length: reportedTestsMax + 1 }, (_, at) => [
      event("run", `T${at}`),
      event("pass", `T${at}`),
    ]).flat();
    const report = parseGo([...many, event("pass")].join("\n"));
    expect(report.tests).toHaveLength(reportedTestsMax);
    expect(report.problem).toContain("1 tests omitted");
    expect(goOutput(recorded("go-plain.jsonl"))).toContain("--- PASS: TestAdd (0.00s)\n");
    expect(goOutput(`FAIL\tp [build failed]\n{"Action":"output","Output":"x\\n"}\n{broken\n`)).toBe(
      "FAIL\tp [build failed]\nx\n{broken\n",
    );
  });

  it("needs the name under which a file imports testing", () => {
    expect(goTestingName('import "testing"\n')).toBe("testing");
    expect(goTestingName('import (\n\t"fmt"\n\ttt "testing" // x\n)\n')).toBe("tt");
    expect(goTestingName('import ("os"; "testing")\n')).toBe("testing");
    expect(goTestingName('import (\n\t_ "testing"\n)\n')).toBeNull();
    expect(goTestingName('import "testing/quick"\n')).toBeNull();
    const content = 'package p\nimport t0 "testing"\n';
    expect(goSentinel.source("name", { path: "a_test.go", content })).toContain("(t *t0.T)");
  });
});

describe("a report of cargo test", () => {
  const files = ["src/lib.rs", "tests/whole.rs"];
  const own = [
    { id: "adder src/lib.rs > tests::ignored", result: "skip" },
    { id: "adder src/lib.rs > tests::adds", result: "pass" },
    { id: "adder src/lib.rs > tests::panics - should panic", result: "pass" },
    { id: "whole tests/whole.rs > adds", result: "pass" },
    { id: "documentation of adder > src/lib.rs - add", result: "pass" },
  ];

  it("names tests by their program, and sentinels next to them fail as they must", () => {
    const plain = parseLibtest(recorded("cargo-plain.txt"));
    expect(plain.problem).toBeNull();
    expect(plain.tests).toHaveLength(own.length);
    expect(plain.tests).toEqual(expect.arrayContaining(own));
    const report = parseLibtest(recorded("cargo-sentinel.txt"));
    expect(report.problem).toBeNull();
    expect(report.tests).toHaveLength(own.length + 2 * libtestSentinel.assertions);
    const reading = sentinelsOf("libtest", report, files);
    expect(reading).toMatchObject({ state: "failed-as-it-must", problem: null });
    expect(reading.tests).toEqual(expect.arrayContaining(own));
  });

  it("a forged report of cargo test is not trusted, and lacks the sentinel", () => {
    const report = parseLibtest(recorded("cargo-forged.txt"));
    expect(report.problem).not.toBeNull();
    expect(sentinelsOf("libtest", report, files).state).toBe("not-reported");
  });

  it("distinguishes tests of the same name in two programs", () => {
    const block =
      "running 1 test\ntest adds ... ok\n\ntest result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\n";
    const text = `     Running unittests src/lib.rs (target/debug/deps/one-0123456789abcdef)\n${block}     Running unittests (target/debug/deps/two-0123456789abcdef)\n${block}`;
    expect(parseLibtest(text).tests.map(({ id }) => id)).toEqual(["one src/lib.rs > adds", "two > adds"]);
  });

  const end = (passed: number, failed: number) =>
    `test result: ok. ${passed} passed; ${failed} failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s`;
  it.each<[string, string[]]>([
    ["more lines than were announced", ["running 1 test", "test a ... ok", "test forged ... ok", end(2, 0)]],
    ["fewer lines than were announced", ["running 2 tests", "test a ... ok", end(1, 0)]],
    ["counts that don't fit", ["running 1 test", "test a ... ok", end(0, 1)]],
    ["no end", ["running 1 test", "test a ... ok"]],
    ["a second beginning", ["running 1 test", "running 1 test", "test a ... ok", end(1, 0)]],
    ["a test outside", ["running 1 test", "test a ... ok", end(1, 0), "test b ... ok"]],
    ["nothing", ["all good"]],
  ])("is not trusted with %s", (_title, lines) => {
    expect(parseLibtest(lines.join("\n")).problem).not.toBeNull();
    expect(parseLibtest(["running 1 test", "test a ... ok", end(1, 0)].join("\n")).problem).toBeNull();
  });

  it("is bounded", () => {
    expect(parseLibtest("\n".repeat(400_001)).problem).toContain("omitted");
    const many = Array.from({ length: reportedTestsMax + 1 }, (_, index) => `test t${index} ... ok`);
    const report = parseLibtest(
      [`running ${reportedTestsMax + 1} tests`, ...many, end(reportedTestsMax + 1, 0)].join("\n"),
    );
    expect(report.tests).toHaveLength(reportedTestsMax);
    expect(report.problem).toContain("1 tests omitted");
  });
});
