/** TAP, JUnit and jest's format: stable ids, and a reason for each refused forged or oversized report. */
import { reportedTestsMax } from "@aedev/contracts";
import { describe, expect, it } from "vitest";
import { parseJest } from "../../../src/checks/report/parse-jest.ts";
import { parseJunit } from "../../../src/checks/report/parse-junit.ts";
import { parseTap } from "../../../src/checks/report/parse-tap.ts";

const tap = (...lines: string[]) => ["TAP version 13", ...lines, ""].join("\n");

describe("a TAP report", () => {
  it("has names without a terminal's escape sequences", () => {
    const ids = (...lines: string[]) => parseTap(tap(...lines, "1..2", "# tests 2")).tests.map(({ id }) => id);
    expect(ids("# adds", "ok 1 \u001b[32mis equal\u001b[39m", "ok 2 is equal")).toEqual([
      "adds > is equal",
      "adds > is equal#2",
    ]);
    expect(ids("# adds", "ok 1 is [32m", "ok 2 b")).toEqual(["adds > is [32m", "adds > b"]);
  });

  it("names assertions by their test, and numbers those of the same name", () => {
    const report = parseTap(
      tap(
        "# adds",
        "ok 1 should be equal",
        "not ok 2 should be equal",
        "# later",
        "ok 3 x # SKIP",
        "1..3",
        "# tests 3",
      ),
    );
    expect(report).toEqual({
      tests: [
        { id: "adds > should be equal", result: "pass" },
        { id: "adds > should be equal#2", result: "fail" },
        { id: "later > x", result: "skip" },
      ],
      problem: null,
    });
  });

  it.each([
    ["a number twice", ["ok 1 forged", "ok 1 a", "1..2"]],
    ["a gap in the numbers", ["ok 1 a", "ok 3 b", "1..3"]],
    ["no plan", ["ok 1 a"]],
    ["a plan that promises more", ["ok 1 a", "1..2"]],
    ["a bail-out", ["ok 1 a", "Bail out! enough", "1..1"]],
  ])("is not trusted with %s", (_title, lines) => {
    expect(parseTap(tap("# t", ...lines)).problem).not.toBeNull();
    expect(parseTap(tap("# t", "ok 1 a", "1..1")).problem).toBeNull();
  });

  it("is refused with a reason if it is missing, or has more lines or tests than the bound", () => {
    expect(parseTap("all good\n").problem).toContain("no TAP");
    const many = Array.from({ length: reportedTestsMax + 1 }, (_, index) => `ok ${index + 1} t${index}`);
    const report = parseTap(tap(...many, `1..${reportedTestsMax + 1}`));
    expect(report.tests).toHaveLength(reportedTestsMax);
    expect(report.problem).toContain("1 tests omitted");
    expect(report.problem).toContain(`more than ${reportedTestsMax} were reported`);
    expect(
      parseTap(tap(...many.slice(1).map((_, at) => `ok ${at + 1} t${at}`), `1..${reportedTestsMax}`)),
    ).toMatchObject({
      problem: null,
    });
    expect(parseTap(`TAP version 13\n${"\n".repeat(400_001)}`).problem).toContain("omitted");
    const long = Array.from({ length: 12_000 }, (_, index) => `ok ${index + 1} ${"n".repeat(900)}${index}`);
    expect(parseTap(tap(...long, "1..12000")).problem).toMatch(
      /tests omitted: the names of all 12000 are longer than 8 MiB/u,
    );
  });
});

describe("a JUnit report", () => {
  const suites = `<?xml version="1.0"?><testsuites>
    <testcase name="adds" classname="test" file="/workspace/repo/test/a.js"/>
    <testsuite name="group"><testcase name="x" file="/workspace/repo/test/a.js"><failure message="no"/></testcase>
    <testcase name="x" file="/workspace/repo/test/a.js"/><testcase name="s" classname="c"><skipped/></testcase></testsuite>
  </testsuites>`;

  it("names tests by file and path, relative to the checkout", () => {
    expect(parseJunit(suites, "/workspace/repo")).toEqual({
      tests: [
        { id: "test/a.js > adds", result: "pass" },
        { id: "test/a.js > group > x", result: "fail" },
        { id: "test/a.js > group > x#2", result: "pass" },
        { id: "c > group > s", result: "skip" },
      ],
      problem: null,
    });
  });

  it.each([
    ["a document type", `<!DOCTYPE a [<!ENTITY b "c">]>${suites}`],
    ["an entity", `<!ENTITY b "c">${suites}`],
    ["a cut end", suites.slice(0, -20)],
    ["no suites", "<html/>"],
    ["nothing", ""],
  ])("is not trusted with %s", (_title, text) => {
    expect(parseJunit(text, "/workspace/repo").problem).not.toBeNull();
    expect(parseJunit(suites, "/workspace/repo").problem).toBeNull();
  });
});

describe("a report in jest's own format", () => {
  /** As jest 30 writes it with --json --outputFile, without the parts that are not read. */
  const report = {
    numFailedTestSuites: 1,
    numFailedTests: 1,
    numPassedTests: 1,
    numPendingTests: 1,
    numTodoTests: 1,
    numTotalTests: 4,
    success: false,
    wasInterrupted: false,
    testResults: [
      {
        name: "/workspace/repo/test/a.test.js",
        status: "failed",
        message: "x",
        assertionResults: [
          { ancestorTitles: [], fullName: "adds", status: "passed", title: "adds" },
          { ancestorTitles: ["group"], fullName: "group fails", status: "failed", title: "fails" },
          { ancestorTitles: ["group"], fullName: "group skipped", status: "pending", title: "skipped" },
          { ancestorTitles: ["group"], fullName: "group later", status: "todo", title: "later" },
        ],
      },
      { name: "/workspace/repo/test/broken.test.js", status: "failed", message: "no", assertionResults: [] },
    ],
  };
  const parse = (value: unknown) => parseJest(JSON.stringify(value), "/workspace/repo");

  it("names tests by file and path, relative to the checkout", () => {
    expect(parse(report)).toEqual({
      tests: [
        { id: "test/a.test.js > adds", result: "pass" },
        { id: "test/a.test.js > group > fails", result: "fail" },
        { id: "test/a.test.js > group > skipped", result: "skip" },
        { id: "test/a.test.js > group > later", result: "skip" },
      ],
      problem: null,
    });
  });

  it.each<[string, unknown]>([
    ["a test too many", { ...report, numTotalTests: 3 }],
    ["results that don't fit the counts", { ...report, numFailedTests: 0, numPassedTests: 2 }],
    ["an interrupted run", { ...report, wasInterrupted: true }],
    [
      "a status that jest does not have",
      {
        ...report,
        testResults: [{ name: "a", assertionResults: [{ ancestorTitles: [], title: "a", status: "green" }] }],
      },
    ],
    ["no results", { ...report, testResults: null }],
    ["another document", []],
  ])("is not trusted with %s", (_title, value) => {
    expect(parse(value).problem).not.toBeNull();
    expect(parse(report).problem).toBeNull();
  });

  it("is refused if it is cut off, and bounded if it has too many tests", () => {
    expect(parseJest(JSON.stringify(report).slice(0, -5), "/").problem).not.toBeNull();
    const many = Array.from({ length: reportedTestsMax + 1 }, (_, index) => ({
      ancestorTitles: [],
      title: `t${index}`,
      status: "passed",
    }));
    const large = parse({
      ...report,
      numTotalTests: reportedTestsMax + 1,
      numPassedTests: reportedTestsMax + 1,
      numFailedTests: 0,
      testResults: [{ name: "a", assertionResults: many }],
    });
    expect(large.tests).toHaveLength(reportedTestsMax);
    expect(large.problem).toContain("1 tests omitted");
  });
});
