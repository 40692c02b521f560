/** Changes that only their tests keep from merging, so that a run adds tests before a person is asked. */
import { boundedCoverage, withCoverage } from "@aedev/contracts";
import { describe, expect, it } from "vitest";
import { gate } from "../../src/gate/gate.ts";
import type { GateInput } from "../../src/gate/hard-gates.ts";
import { missingTestLines, missingTests } from "../../src/gate/missing-tests.ts";
import {
  changedFile,
  greenChecks,
  honestFix,
  pastWith,
  provenTests,
  samplePolicy,
  testFile,
  verdict,
  watchedNothing,
} from "./sample-policy.ts";

const way = { path: "index.js", line: 3, kind: "true", is_minor: false } as const;
const coverage = boundedCoverage({ changed_lines: 8, covered_lines: 7, ways: [way], unmeasured: [] });
const uncovered = { provenness: withCoverage(provenTests(12), coverage) };
const missing = (changes: Partial<GateInput>) => gate(honestFix(changes)).missing_tests;
const independent = { files: ["test/other.js"], passed: 2, failed: [], uncounted: 1 };
const testChanges = (file: Parameters<typeof testFile>[0]) => ({
  ...(honestFix().testChanges as NonNullable<GateInput["testChanges"]>),
  files: [testFile({ assertions_after: 6, added_tests: ["closes the hole"], ...file })],
});

describe("changes that lack only tests", () => {
  it("finds only tests missing for untested ways, unneeded code, tests that prove nothing, and edits of existing tests", () => {
    const parts = [{ path: "index.js", line: 4, kind: "removed", before: "x + 1", after: "x" }] as never;
    const unneeded = withCoverage(provenTests(1), "no-code", { unneeded: { tried: 3, untried: 0, parts } });
    const { path } = changedFile("samples/rows.txt");
    const files = [...(honestFix().pathReport?.files ?? []), changedFile(path)];
    const support = { ...watchedNothing, support: [path] };
    for (const [changes, text] of [
      [uncovered, "index.js:3"],
      [{ testChanges: { ...testChanges({}), files: [] } }, "index.js"],
      [{ provenness: unneeded }, "tests pass without parts of the changed code"],
      [{ checks: { ...greenChecks, new_tests: "green-on-base", untested: ["a"] } }, "the new tests do not test"],
      [{ independentTests: { ...independent, failed: ["other > closes"] } }, "fail on this change: other > closes"],
      [{ testChanges: testChanges({ changed_tests: ["adds"] }) }, "existing tests are changed"],
      [{ testChanges: testChanges({ support_changed: true }) }, "changed code that tests share"],
      [
        { watched: support, pathReport: { ...honestFix().pathReport, files } },
        "changed a file that only the tests use",
      ],
    ] as [Partial<GateInput>, string][]) {
      expect(gate(honestFix(changes)).answer).toBe("ask");
      expect(missing(changes), text).toContain(text);
    }
    for (const independentTests of [null, undefined, independent])
      expect(gate(honestFix({ independentTests })).answer).toBe("merge");
    const long = Array.from({ length: 40 }, (_, index) => `support/${"x".repeat(60)}${index}.txt`);
    const many = [...(honestFix().pathReport?.files ?? []), ...long.map((one) => changedFile(one))];
    const pathReport = { ...(honestFix().pathReport as NonNullable<GateInput["pathReport"]>), files: many };
    expect(missing({ watched: { ...watchedNothing, support: long }, pathReport })).toHaveLength(500);
    // The cut may fall inside a character.
    for (const start of ["", "x"]) {
      const reasons = [start, "", "", "", ""].map((first) => ({
        kind: "test-support" as const,
        path: `${first}${"\u{1f600}".repeat(90)}`,
      }));
      const cut = missingTests(reasons, gate(honestFix()).risk, honestFix());
      expect(cut).toHaveLength(500);
      expect(cut?.isWellFormed()).toBe(true);
    }
    // Factors without points are not listed.
    expect(missing(uncovered)).not.toContain("n/a");
  });

  it("lists each way and each part for the run that adds tests, and every reason that these do not cover", () => {
    const parts = [{ path: "index.js", line: 4, kind: "removed", before: "x + 1", after: "x" }] as never;
    const provenness = withCoverage(provenTests(1), coverage, { unneeded: { tried: 3, untried: 0, parts } });
    const lines = (changes: Partial<GateInput>, of = provenness) => {
      const { reasons, risk } = gate(honestFix({ provenness, ...changes }));
      return missingTestLines({ reasons: [...reasons], shares: [...risk.shares] }, of);
    };
    const told = [
      "no test runs index.js:3 (never true)",
      "tests pass without this part: index.js:4: x + 1 may as well be x",
    ];
    expect(lines({})).toEqual(told);
    const edited = lines({ testChanges: testChanges({ changed_tests: ["adds"] }) });
    expect(edited.slice(0, 2)).toEqual(told);
    expect(edited.slice(2)).toEqual([expect.stringContaining("existing tests are changed")]);
    const without = lines(
      { testChanges: { ...testChanges({}), files: [] }, provenness: provenTests(0) },
      null as never,
    );
    expect(without[0]).toBe("the change adds no test");
  });

  it("finds nothing missing for a change that merges, is held, or is also asked about for another reason", () => {
    const flip = { ...verdict("gemini", "inconclusive", "flip"), views: [] };
    const dependency = { name: "left-pad", file: "package.json", suspicious: "new package" };
    const skipped = { kind: "skip-added", test: "adds", text: "it.skip", line: 1 };
    const plain = { name: "x", file: "package.json", suspicious: null };
    const flaky = { ...greenChecks, status: "flaky" as const, newly_flaky: ["test/a.js > adds"] };
    for (const [answer, changes] of [
      ["merge", {}],
      ["hold", { ...uncovered, missingEvidence: ["environment"] }],
      ["hold", { ...uncovered, verdicts: [verdict("openai", "pass"), flip] }],
      ["ask", { ...uncovered, dependencyChanges: { changes: [dependency as never] } }],
      ["ask", { ...uncovered, dependencyChanges: { changes: [plain as never] } }],
      ["ask", { testChanges: testChanges({ changed_tests: ["adds"], findings: [skipped as never] }) }],
      ["ask", { ...uncovered, checks: flaky }],
      ["ask", { provenness: provenTests(0) }],
      [
        "ask",
        { provenness: withCoverage(provenTests(1), "no-code", { unneeded: { tried: 0, untried: 4, parts: [] } }) },
      ],
    ] as [string, Partial<GateInput>][]) {
      expect(gate(honestFix(changes)).answer, JSON.stringify(changes)).toBe(answer);
      expect(missing(changes)).toBeNull();
    }
  });

  it("finds nothing missing for an edit that the person asked for, or for a mission about tests alone", () => {
    const edited = { testChanges: testChanges({ changed_tests: ["adds two numbers"] }) };
    const asking = (text: string) => ({ ...edited, specification: { text, criteria: [] } });
    expect(missing(asking("Close the hole."))).not.toBeNull();
    expect(missing(asking('Change the test "adds two numbers".'))).toBeNull();
    expect(missing(asking("Bring test/a.js up to date."))).toBeNull();
    const shared = { testChanges: testChanges({ support_changed: true }) };
    const about = (text: string) => missing({ ...shared, specification: { text, criteria: [] } });
    expect(about("Bring test/b.js up to date.")).not.toBeNull();
    expect(about("Bring test/a.js up to date.")).toBeNull();
    // An old test form that fails or does not run on the new code shows that the behaviour changed.
    const withForm = (old_form: "green" | "red" | "not-run") =>
      missingTests(
        [{ kind: "changed-tests", path: "test/a.js", tests: ["adds"], more: 0, old_form }],
        gate(honestFix()).risk,
        honestFix(),
      );
    expect(withForm("green")).toContain("adds");
    expect([withForm("red"), withForm("not-run")]).toEqual([null, null]);
    const files = [changedFile("test/a.js", { added: 12 })];
    const pathReport = { ...(honestFix().pathReport as NonNullable<GateInput["pathReport"]>), files };
    expect(missing({ ...edited, pathReport })).toBeNull();
  });

  it("finds nothing missing if the profile, the past or the policy would still ask, or if nothing could be measured", () => {
    expect(missing({ ...uncovered, profile: "safe" })).toBeNull();
    expect(missing({ ...uncovered, history: pastWith(3_000) })).toBeNull();
    // The same for a profile that merges medium risk, if the chance would be above its bound even without the ways.
    const bounds = (medium: number) => ({
      ...samplePolicy,
      risk: { ...samplePolicy.risk, bounds: { low: 20, medium, hold: 995 } },
    });
    const eager = { ...uncovered, profile: "aggressive" } as const;
    expect(gate(honestFix({ ...eager, policy: bounds(300) })).answer).toBe("merge");
    expect(missing({ ...eager, policy: bounds(200) })).toContain("index.js:3");
    expect(missing({ ...eager, policy: bounds(50) })).toBeNull();
    expect(missing({ provenness: withCoverage(provenTests(12), "not-finished") })).toBeNull();
    const policy = { ...samplePolicy, repair: { ...samplePolicy.repair, for_tests: false } };
    expect(missing({ ...uncovered, policy })).toBeNull();
    // A person who released the hold of a high risk wants to be asked.
    expect(missing({ ...uncovered, riskAcknowledged: true })).toBeNull();
    expect(missing({ ...uncovered, writes: "on-approval" })).toBeNull();
    expect(missing({ ...uncovered, writes: "off" })).toBeNull();
  });

  it("does not list another run's tests, which have their own section", () => {
    const failing = { kind: "independent-tests" as const, tests: ["other > closes"], more: 0 };
    const shared = { kind: "shared-by-tests", path: "test/help.js" } as const;
    expect(missingTestLines({ reasons: [failing], shares: [] }, null)).toEqual([]);
    expect(missingTestLines({ reasons: [failing, shared], shares: [] }, null)).toHaveLength(1);
  });
});
