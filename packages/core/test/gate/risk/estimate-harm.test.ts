/** The sum of the signals: what each counts, the levels, missing inputs, and that the shares add up to the score. */
import {
  boundedCoverage,
  type Coverage,
  type Fact,
  type HarmSignal,
  type History,
  harmChance,
  leftOutCauses,
  noneLeftOut,
  type SecondImplementation,
  type UncoverableReason,
  withCoverage,
} from "@aedev/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Policy } from "../../../src/gate/policy/policy-schema.ts";
import type { ChangeEvidence } from "../../../src/gate/risk/change-evidence.ts";
import { harmfulFiles } from "../../../src/gate/risk/change-kind.ts";
import { estimateHarm, levelOf, signalPoints } from "../../../src/gate/risk/estimate-harm.ts";
import { signalOf } from "../../../src/gate/risk/signals.ts";
import {
  changedFile,
  greenChecks,
  honestFix,
  pastWith,
  provenTests,
  samplePolicy,
  testFile,
  touchesNothing,
  verdict,
} from "../sample-policy.ts";

const estimate = (changes: Partial<ChangeEvidence> = {}, facts: readonly Fact[] = []) =>
  estimateHarm(honestFix(changes), facts, samplePolicy);
const points = (factor: string, changes: Partial<ChangeEvidence> = {}, facts: readonly Fact[] = []) =>
  estimate(changes, facts).shares.find((share) => share.factor === factor)?.points ?? 0;
const files = (...changed: ReturnType<typeof changedFile>[]): Pick<ChangeEvidence, "pathReport"> => ({
  pathReport: { files: changed, renames: [], forbidden: [], unsafe: [], never_by_itself: [] },
});
const emptyTestChanges = { files: [], settings: [], code_findings: [], only_adds_functions: [], only_adds_rows: [] };
const coverage = (found: Partial<Coverage>): Coverage => ({
  ...boundedCoverage({ changed_lines: 20, covered_lines: 17, ways: [], unmeasured: [] }),
  ...found,
});

it("rates a small honest fix with a test as low by the evidence against harm alone", () => {
  const risk = estimate();
  expect(risk).toMatchObject({ score: -2500, score_kind: "log-odds", level: "low" });
  expect(risk.shares).toEqual([
    { factor: "start", points: -200, why: expect.stringContaining("tests pass"), missing: false },
    {
      factor: "tests_can_fail",
      points: -1000,
      count: 12,
      why: "12 tests of the base were shown able to fail",
      missing: false,
    },
    {
      factor: "new_tests_fail_on_base",
      points: -700,
      count: 1,
      why: "1 test fail without the change and pass with it",
      missing: false,
    },
    { factor: "judges_pass", points: -600, count: 1, why: "openai, gemini", missing: false },
  ]);
});

it("lets a signal with the weight 0 add nothing, whatever it may add at most", () => {
  const most = { weight: 0, per: 1 };
  const risk = {
    ...samplePolicy.risk,
    against: { ...samplePolicy.risk.against, judges_pass: { ...most, most: -4000 } },
    for: {
      ...samplePolicy.risk.for,
      changed_tests: { ...most, most: 4000 },
      authentication_paths: { ...most, most: 4000 },
    },
  };
  const added = (counts: Record<string, number | null>, policy: Pick<Policy, "risk">) =>
    Object.entries(counts).map(([signal, count]) => signalPoints(signal as HarmSignal, count, policy));
  const counts = { judges_pass: 1, changed_tests: 2, authentication_paths: null };
  expect(added(counts, { risk })).toEqual([0, 0, 0]);
  expect(added(counts, samplePolicy)).toEqual([-600, 5200, 3000]);
});

it("calls a chance low, medium or high by the policy's bounds, whose lower end belongs to the next level", () => {
  const bounds = { low: 500, medium: 731, hold: 1000 };
  const level = (score: number) => levelOf(score, { risk: { ...samplePolicy.risk, bounds } });
  expect([-1, 0, 999, 1000].map(level)).toEqual(["low", "medium", "medium", "high"]);
  expect([harmChance(0), harmChance(1000)].map((chance) => chance.toFixed(4))).toEqual(["0.5000", "0.7311"]);
});

it("adds shares up to the score exactly, and never lowers it for one more fact", () => {
  const facts = fc.array(
    fc.constantFrom<Fact>(
      { kind: "unwatched" },
      { kind: "nothing-proven", green: 0 },
      { kind: "test-support", path: "a.json" },
      { kind: "changed-tests", path: "a.js", tests: ["t"], more: 0, old_form: "green" },
      { kind: "unneeded-code", parts: ["a", "b"], more: 1, why_untried: undefined },
    ),
    { maxLength: 6 },
  );
  fc.assert(
    fc.property(facts, fc.integer({ min: -4000, max: 4000 }), fc.nat(40), (given, shift, proven) => {
      const changes = { history: pastWith(shift), provenness: provenTests(proven) };
      const risk = estimate(changes, given);
      expect(risk.shares.reduce((sum, share) => sum + share.points, 0)).toBe(risk.score);
      expect(estimate(changes, [...given, { kind: "unwatched" }]).score).toBeGreaterThanOrEqual(risk.score);
      for (const { factor, points: share } of risk.shares.slice(1))
        expect(share < 0).toBe(factor in samplePolicy.risk.against);
    }),
  );
});

describe("facts of the gate", () => {
  it("count parts of unneeded code and failing independent tests, and files of other facts, up to the most", () => {
    const unneeded = (parts: number): Fact => ({ kind: "unneeded-code", parts: Array(parts).fill("a part"), more: 0 });
    const share = (...facts: Fact[]) => estimate({}, facts).shares.at(-1)?.points;
    expect([share(unneeded(0)), share(unneeded(1)), share(unneeded(2)), share(unneeded(9))]).toEqual([
      1800, 1800, 3600, 3600,
    ]);
    expect(share({ kind: "independent-tests", tests: ["a"], more: 0 })).toBe(4000);
    expect(share({ kind: "independent-tests", tests: ["a"], more: 3 })).toBe(6000);
    const changed = (old_form: "green" | "weaker"): Fact => ({
      ...{ kind: "changed-tests", path: "a.js", tests: ["a", "b"], more: 0, old_form },
    });
    expect([share(changed("weaker")), share(changed("weaker"), changed("weaker"))]).toEqual([2600, 5200]);
    expect([share(changed("green")), share(...Array(4).fill(changed("green")))]).toEqual([400, 800]);
  });
  it("ask whatever the sum is if they have no weight", () => {
    expect(signalOf({ kind: "unwatched" })).toBe("unwatched");
    expect(signalOf({ kind: "never-alone", path: "Dockerfile", rule: "Dockerfile*" })).toBeUndefined();
    expect(signalOf({ kind: "too-few-judges", passed: 1, required: 2 })).toBeUndefined();
  });
});

describe("the past of the repository", () => {
  const shares = (changes: Partial<ChangeEvidence>) =>
    ["riskier_history", "safer_history"].map((factor) => points(factor, changes));
  it("counts tenths of log-odds for harm or against it, up to the most, never both", () => {
    const of = (shift: number) => shares({ history: pastWith(shift) });
    expect([of(99), of(100), of(900), of(3_300), of(90_000)]).toEqual([
      [0, 0],
      [30, 0],
      [270, 0],
      [990, 0],
      [1000, 0],
    ]);
    expect([of(0), of(-99), of(-100), of(-900), of(-90_000)]).toEqual([
      [0, 0],
      [0, 0],
      [0, -30],
      [0, -270],
      [0, -300],
    ]);
  });
  it("counts what is uncertain for harm only", () => {
    const of = (shift: number, deviation: number) => shares({ history: pastWith(shift, deviation) });
    expect([of(500, 300), of(-500, 300), of(-500, 900)]).toEqual([
      [240, 0],
      [0, -60],
      [0, 0],
    ]);
  });
  it("counts in full for harm until it is read, unless no changed file can do harm", () => {
    expect(shares({ history: null })).toEqual([1000, 0]);
    const share = estimate({ history: undefined }).shares.find(({ factor }) => factor === "riskier_history");
    expect(share).toMatchObject({ missing: true, why: "the repository's past is not read yet: counts in full" });
    const touched = { ...touchesNothing, documentation: ["a.md"] };
    expect(shares({ ...files(changedFile("a.md")), touched, history: null })).toEqual([0, 0]);
  });
  it("is said in one sentence", () => {
    const why = (history: History) => estimate({ history }).shares.find(({ factor }) => /history/u.test(factor))?.why;
    expect(why(pastWith(900))).toBe(
      "about 43 of 100 changes like this one needed a later fix in this repository; of usual changes, 23 did",
    );
    expect(why({ ...pastWith(-900), commits: 1, calibrated_by: 0 })).toBe(
      "about 11 of 100 changes like this one needed a later fix in six public projects; of usual changes, 23 did (uncertain: this repository has 1 past commit)",
    );
  });
  it("is about files that can do harm, without documents, lines added to tests, and endings of lines", () => {
    const [code, test] = [changedFile("a.js", { added: 60, deleted: 9 }), changedFile("test/a.js", { added: 400 })];
    const guide = changedFile("guide.md", { added: 300, deleted: 100 });
    const counted = (testChanges: ChangeEvidence["testChanges"], ...changed: Parameters<typeof files>) =>
      harmfulFiles({
        ...{ ...files(...changed), testChanges, changeKinds: null, watched: null },
        touched: { ...touchesNothing, documentation: ["guide.md"] },
      }).map(({ path, added_lines, deleted_lines }) => [path, added_lines, deleted_lines]);
    const tests = { ...emptyTestChanges, files: [testFile({ path: "test/a.js" })] };
    expect(counted(tests, { ...code, ending_lines: 4 }, test, guide)).toEqual([["a.js", 56, 5]]);
    expect(counted(tests, changedFile("test/a.js", { added: 400, deleted: 50 }))).toEqual([["test/a.js", 0, 50]]);
    // A Rust file with tests in it is code, and without the evidence each file may be.
    const among = { ...emptyTestChanges, files: [testFile({ path: "test/a.js", among_code: true })] };
    expect([counted(among, test), counted(null, test)]).toEqual([[["test/a.js", 400, 0]], [["test/a.js", 400, 0]]]);
  });
});

describe("signals of the evidence", () => {
  it("counts touched paths of the policy's lists", () => {
    expect(points("authentication_paths")).toBe(0);
    expect(points("authentication_paths", { touched: { ...touchesNothing, authentication: ["auth/x.js"] } })).toBe(
      3000,
    );
  });
  it("distinguishes code from tests and documentation", () => {
    const noTests = { testChanges: emptyTestChanges };
    expect(points("code_without_test", { ...files(changedFile("a.js")), ...noTests })).toBe(1600);
    const touched = { ...touchesNothing, documentation: ["a.md"] };
    expect(points("code_without_test", { ...files(changedFile("a.md")), ...noTests, touched })).toBe(0);
    expect(points("tests_without_code", files(changedFile("test/a.js")))).toBe(200);
    // A comment in a test file is no test of the code beside it.
    const path = "test/a.js";
    const changeKinds = { files: [{ path, kind: "comments", named_by: null }] } as never;
    const beside = files(changedFile("a.js"), changedFile(path));
    const commented = { ...beside, testChanges: { ...emptyTestChanges, files: [testFile({ path })] } };
    expect(points("code_without_test", commented)).toBe(0);
    expect(points("code_without_test", { ...commented, changeKinds })).toBe(1600);
    expect(points("tests_without_code")).toBe(0);
  });
  it("counts untested ways, minor ones less, and in full if coverage could have been measured but was not", () => {
    const covered = (found: Partial<Coverage> | UncoverableReason) => ({
      provenness: withCoverage(provenTests(3), typeof found === "string" ? found : coverage(found)),
    });
    const of = (found: Partial<Coverage> | UncoverableReason) => points("untested_ways", covered(found));
    expect(of({})).toBe(0);
    expect([of({ missed: 1 }), of({ missed: 2 }), of({ missed: 3 })]).toEqual([1200, 2400, 2400]);
    const minor = { missed: 3, missed_minor: 3 };
    expect([of(minor), points("minor_untested_ways", covered(minor))]).toEqual([0, 450]);
    expect(points("ways_covered", covered({}))).toBe(-400);
    expect([points("ways_covered", covered(minor)), points("ways_covered", covered("language"))]).toEqual([0, 0]);
    expect([of("no-code"), of("language"), of("not-green")]).toEqual([0, 0, 0]);
    expect(points("minor_untested_ways", covered("not-finished"))).toBe(1200);
    expect([of("not-finished"), of("not-built"), of("no-runner"), of("earlier-version")]).toEqual([
      2400, 2400, 2400, 2400,
    ]);
    expect(of({ unmeasured: [{ path: "a.rs", why: "language" }] })).toBe(0);
    expect(of({ unmeasured: [{ path: "a.js", why: "too-large" }] })).toBe(2400);
    expect(points("untested_ways", { provenness: null })).toBe(2400);
    const needing = { ...greenChecks, status: "red" as const, needs_own_control: ["a.js > new"] };
    const red = (found: UncoverableReason, checks: Partial<ChangeEvidence>) =>
      points("untested_ways", { ...covered(found), ...checks });
    expect([red("not-green", { checks: needing }), red("no-code", { checks: needing })]).toEqual([2400, 0]);
    expect(red("not-green", { checks: { ...needing, needs_own_control: [] } })).toBe(0);
  });
  it("counts passing independent tests only if none fails, and passing judges only if enough pass", () => {
    const independentTests = { files: ["t.js"], passed: 2, failed: [] as string[], uncounted: 0 };
    expect(points("independent_tests_pass", { independentTests })).toBe(-1200);
    expect(points("independent_tests_pass", { independentTests: { ...independentTests, failed: ["a"] } })).toBe(0);
    expect(points("independent_tests_pass", { independentTests: { ...independentTests, passed: 0 } })).toBe(0);
    const alike: SecondImplementation = {
      compared: 9,
      agreed: 2,
      cases: [],
      more: 0,
      tests_passed: 0,
      tests_failed: [],
      left_out: noneLeftOut,
    };
    const agree = (found: Partial<SecondImplementation>) =>
      points("implementations_agree", { secondImplementation: { ...alike, ...found } });
    expect([agree({}), agree({ agreed: 0, tests_passed: 1 })]).toEqual([-800, -800]);
    expect([agree({ agreed: 0 }), agree({ tests_failed: ["t"] }), points("implementations_agree", {})]).toEqual([
      0, 0, 0,
    ]);
    // A call with a secret is only counted, and beside anything left out agreement shows nothing.
    const others = leftOutCauses.map((cause) => agree({ left_out: { ...noneLeftOut, [cause]: 1 } }));
    expect([agree({ more: 1 }), ...others]).toEqual([0, 0, 0, 0, 0, 0]);
    const differ = (calls: number, more = 0) =>
      points("implementations_differ", {}, [
        { kind: "implementations-differ", calls: Array.from({ length: calls }, (_, at) => `call ${at}`), more },
      ]);
    expect([differ(1), differ(0, 1), differ(2), differ(1, 4)]).toEqual([2600, 2600, 3900, 3900]);
    expect(points("judges_pass", { verdicts: [verdict("openai", "pass")] })).toBe(0);
    expect(points("judges_pass", { verdicts: [verdict("openai", "pass"), verdict("gemini", "fail")] })).toBe(0);
  });
});

it("counts signals for harm in full if their input is missing, and none against it", () => {
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
  const risk = estimateHarm(nothing, [], samplePolicy);
  const missing = risk.shares.filter((share) => share.missing);
  expect(missing.map(({ factor }) => factor)).toEqual([
    "riskier_history",
    "sensitive_paths",
    "authentication_paths",
    "network_paths",
    "tests_without_code",
    "code_without_test",
    "untested_ways",
    "minor_untested_ways",
  ]);
  for (const share of missing) expect(share.why).toContain(": counts in full");
  expect(risk.shares.filter(({ points: share }) => share < 0).map(({ factor }) => factor)).toEqual(["start"]);
  expect(risk.level).toBe("high");
});
