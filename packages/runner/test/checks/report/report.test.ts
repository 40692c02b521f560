/** The two report formats: ids that are stable, and everything a forger or a bomb could print refused with a reason. */
import { describe, expect, it } from "vitest";
import { parseJunit } from "../../../src/checks/report/parse-junit.ts";
import { parseTap } from "../../../src/checks/report/parse-tap.ts";

const tap = (...lines: string[]) => ["TAP version 13", ...lines, ""].join("\n");

describe("a TAP report", () => {
  it("names assertions by their test, and counts the ones of the same name", () => {
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
  ])("is not believed with %s", (_title, lines) => {
    expect(parseTap(tap("# t", ...lines)).problem).not.toBeNull();
    expect(parseTap(tap("# t", "ok 1 a", "1..1")).problem).toBeNull();
  });

  it("says so where there is none, or more lines or tests than the cap", () => {
    expect(parseTap("all good\n").problem).toContain("no TAP");
    const many = Array.from({ length: 20_001 }, (_, index) => `ok ${index + 1} t${index}`);
    const report = parseTap(tap(...many, "1..20001"));
    expect(report.tests).toHaveLength(20_000);
    expect(report.problem).toContain("1 tests omitted");
    expect(parseTap(`TAP version 13\n${"\n".repeat(400_001)}`).problem).toContain("omitted");
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
  ])("is not believed with %s", (_title, text) => {
    expect(parseJunit(text, "/workspace/repo").problem).not.toBeNull();
    expect(parseJunit(suites, "/workspace/repo").problem).toBeNull();
  });
});
