/** The points of the risk factors, the risk bands, and the cost of missing inputs. */
import { boundedCoverage, type Coverage, type UncoverableReason, withCoverage } from "@aedev/contracts";
import { describe, expect, it } from "vitest";
import { policySchema } from "../../../src/gate/policy/policy-schema.ts";
import type { ChangeEvidence } from "../../../src/gate/risk/change-evidence.ts";
import { scoreRisk } from "../../../src/gate/risk/score-risk.ts";
import {
  changedFile,
  greenChecks,
  honestFix,
  provenTests,
  samplePolicy,
  testFile,
  touchesNothing,
  verdict,
} from "../sample-policy.ts";

const score = (changes: Partial<ChangeEvidence> = {}, policy = samplePolicy) => scoreRisk(honestFix(changes), policy);
const points = (factor: string, changes: Partial<ChangeEvidence> = {}) =>
  score(changes).shares.find((share) => share.factor === factor)?.points;
const files = (...changed: ReturnType<typeof changedFile>[]): Pick<ChangeEvidence, "pathReport"> => ({
  pathReport: { files: changed, renames: [], forbidden: [], unsafe: [], never_by_itself: [] },
});
const emptyTestChanges = { files: [], settings: [], code_findings: [], only_adds_functions: [], only_adds_rows: [] };
const coverage = (found: Partial<Coverage>): Coverage => ({
  ...boundedCoverage({ changed_lines: 20, covered_lines: 17, ways: [], unmeasured: [] }),
  ...found,
});

it("rates a small honest fix with a test as low risk without any points", () => {
  const risk = score();
  expect(risk).toMatchObject({ score: 0, score_kind: "points", level: "low" });
  expect(risk.shares.map((share) => share.factor)).toEqual(Object.keys(samplePolicy.risk.factors));
  expect(risk.shares.filter((share) => share.points > 0 || share.missing)).toEqual([]);
});

it("has the edges of its risk bands at 15, 16, 55 and 56", () => {
  const withWeight = (weight: number) => {
    const factors = { ...samplePolicy.risk.factors, dependency_change: { weight } };
    return score(
      { dependencyChanges: null },
      policySchema.parse({ ...samplePolicy, risk: { ...samplePolicy.risk, factors } }),
    ).level;
  };
  expect([15, 16, 55, 56].map(withWeight)).toEqual(["low", "medium", "medium", "high"]);
});

describe("units", () => {
  it("counts full units of added and deleted lines up to the ceiling", () => {
    const lines = (added: number, deleted: number) =>
      points("changed_lines_per_50", files(changedFile("a.js", { added, deleted })));
    expect([lines(49, 0), lines(25, 25), lines(99, 0), lines(499, 0), lines(500, 0), lines(9999, 0)]).toEqual([
      0, 4, 4, 36, 40, 40,
    ]);
  });
  it("counts full units of files", () => {
    const many = (count: number) =>
      points("files_touched_per_3", files(...Array.from({ length: count }, (_, index) => changedFile(`f${index}`))));
    expect([many(2), many(3), many(5), many(6), many(90)]).toEqual([0, 3, 3, 6, 30]);
  });
  it("does not count documentation or lines added to tests", () => {
    const [code, test] = [changedFile("a.js", { added: 60 }), changedFile("test/a.js", { added: 400 })];
    const guide = changedFile("guide.md", { added: 300, deleted: 100 });
    const given = (...paths: Parameters<typeof files>) => ({
      ...files(...paths),
      testChanges: { ...emptyTestChanges, files: [testFile({ path: "test/a.js" })] },
      touched: { ...touchesNothing, documentation: ["guide.md"] },
    });
    expect(points("changed_lines_per_50", given(code, test, guide))).toBe(4);
    expect(points("files_touched_per_3", given(code, code, test, guide))).toBe(0);
    const cut = changedFile("test/a.js", { added: 400, deleted: 50 });
    expect(points("changed_lines_per_50", given(code, cut, guide))).toBe(8);
    expect(points("files_touched_per_3", given(code, code, cut, guide))).toBe(3);
    // A Rust file with tests in it is code.
    const among = {
      ...given(changedFile("test/a.js", { added: 400 })),
      testChanges: { ...emptyTestChanges, files: [testFile({ path: "test/a.js", among_code: true })] },
    };
    expect(points("changed_lines_per_50", among)).toBe(32);
    // The evidence does not say which of them are tests.
    expect(points("changed_lines_per_50", { ...given(code, test, guide), testChanges: null })).toBe(36);
  });
});

describe("factors", () => {
  it("counts touched paths of the policy's lists", () => {
    expect(points("auth_security_files")).toBe(0);
    expect(points("auth_security_files", { touched: { ...touchesNothing, auth_security_files: ["auth/x.js"] } })).toBe(
      40,
    );
    const report = honestFix().pathReport;
    if (report === null) throw new Error("no report");
    const pathReport = { ...report, forbidden: [{ path: ".env", rule: ".env*" }] };
    expect(score({ pathReport })).toMatchObject({ score: 100, level: "high" });
  });
  it("distinguishes code from tests and documentation", () => {
    const noTests = {
      testChanges: { files: [], settings: [], code_findings: [], only_adds_functions: [], only_adds_rows: [] },
    };
    expect(points("code_change_without_test", { ...files(changedFile("a.js")), ...noTests })).toBe(20);
    const touched = { ...touchesNothing, documentation: ["a.md"] };
    expect(points("code_change_without_test", { ...files(changedFile("a.md")), ...noTests, touched })).toBe(0);
    expect(points("test_change_without_code", files(changedFile("test/a.js")))).toBe(10);
    expect(points("test_change_without_code")).toBe(0);
  });
  it("counts untested ways, those that only refuse less, and in full if coverage could have been measured but was not", () => {
    const covered = (found: Partial<Coverage> | UncoverableReason) => ({
      provenness: withCoverage(provenTests(3), typeof found === "string" ? found : coverage(found)),
    });
    const of = (found: Partial<Coverage> | UncoverableReason) => points("low_test_coverage", covered(found));
    expect(of({})).toBe(0);
    expect([of({ missed: 1 }), of({ missed: 2 }), of({ missed: 3 })]).toEqual([16, 32, 32]);
    expect([of({ missed: 1, missed_minor: 1 }), of({ missed: 3, missed_minor: 3 })]).toEqual([4, 12]);
    expect(of({ missed: 2, missed_minor: 1 })).toBe(20);
    expect([of("no-code"), of("language"), of("not-green")]).toEqual([0, 0, 0]);
    expect([of("not-finished"), of("not-built"), of("no-runner"), of("earlier-version")]).toEqual([32, 32, 32, 32]);
    expect(of({ unmeasured: [{ path: "a.rs", why: "language" }] })).toBe(0);
    expect(of({ unmeasured: [{ path: "a.js", why: "too-large" }] })).toBe(32);
    expect(points("low_test_coverage", { provenness: null })).toBe(32);
    const needing = { ...greenChecks, status: "red" as const, needs_own_control: ["a.js > new"] };
    const red = (found: UncoverableReason, checks: Partial<ChangeEvidence>) =>
      points("low_test_coverage", { ...covered(found), ...checks });
    expect([red("not-green", { checks: needing }), red("no-code", { checks: needing })]).toEqual([32, 0]);
    expect(red("not-green", { checks: { ...needing, needs_own_control: [] } })).toBe(0);
  });
  it("rates a change with an untested way as medium, and as low if the way only refuses", () => {
    const level = (found: Partial<Coverage>) =>
      scoreRisk(honestFix({ provenness: withCoverage(provenTests(3), coverage(found)) }), samplePolicy).level;
    expect([level({}), level({ missed: 1, missed_minor: 1 }), level({ missed: 1 })]).toEqual(["low", "low", "medium"]);
  });
  it("counts dependencies and large deletions", () => {
    const change = { file: "package.json", name: "x", from: "1", to: "2", suspicious: null };
    expect(points("dependency_change", { dependencyChanges: { changes: [change] } })).toBe(25);
    expect(points("large_deletion", files(changedFile("a.js", { deleted: 199 })))).toBe(0);
    expect(points("large_deletion", files(changedFile("a.js", { deleted: 200 })))).toBe(20);
  });
  it("counts red checks and a real disagreement", () => {
    expect(points("ci_failure", { checks: { ...greenChecks, status: "red" } })).toBe(50);
    expect(points("ci_failure", { checks: { ...greenChecks, status: "none" } })).toBe(0);
    expect(points("validator_disagreement", { verdicts: [verdict("openai", "fail"), verdict("gemini", "pass")] })).toBe(
      40,
    );
    expect(points("validator_disagreement", { verdicts: [verdict("openai", "fail"), verdict("gemini", "fail")] })).toBe(
      0,
    );
  });
});

it("counts a factor in full if its input is missing, and says so", () => {
  const nothing: ChangeEvidence = {
    checks: null,
    provenness: null,
    replay: null,
    pathReport: null,
    secretReport: null,
    dependencyChanges: null,
    testChanges: null,
    touched: null,
    watched: null,
    verdicts: [],
    requestedJudges: [],
  };
  const risk = scoreRisk(nothing, samplePolicy);
  expect(risk).toMatchObject({ score: 100, level: "high" });
  for (const share of risk.shares)
    expect(share).toMatchObject({ missing: true, why: expect.stringContaining(": full points") });
  expect(risk.shares.map((share) => share.points)).toEqual(
    Object.values(samplePolicy.risk.factors).map((factor) => ("ceiling" in factor ? factor.ceiling : factor.weight)),
  );
});
