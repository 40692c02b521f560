/** Whose vote counts, and the report about two judges together. */
import { describe, expect, it } from "vitest";
import { defectsAmong, judgeRecords, unqualifiedJudges } from "../../src/judges/judge-records.ts";
import { judgeReport } from "../../src/judges/judge-report.ts";
import { verdictOf } from "../../src/testing/index.ts";
import { canary, type Said, setup, stateWith } from "./canaries.ts";

/** Canaries of which openai caught `hits` of `n`, and gemini all. */
const caught = (hits: number, n: number, word: Said["openai"] = {}) =>
  Array.from({ length: n }, (_, number) =>
    canary(number, { openai: { verdict: number < hits ? "fail" : "pass", ...word }, gemini: { verdict: "fail" } }),
  );
const passes = (["openai", "gemini"] as const).map((family) => ({
  ...verdictOf(family, "pass"),
  prompt_digest: setup.promptDigest,
}));
const planted = (...canaries: Parameters<typeof stateWith>) => Object.values(stateWith(...canaries).canaries);
const counted = (...canaries: Parameters<typeof stateWith>) => defectsAmong(planted(...canaries));
const why = (...canaries: Parameters<typeof stateWith>) =>
  unqualifiedJudges(counted(...canaries), { verdicts: passes, bar: setup.bar });

describe("a vote", () => {
  it("removes a judge's vote if the interval of its catch rate ends below the bar, with the figures as the reason", () => {
    expect(why(caught(12, 60))).toEqual([
      { family: "openai", why: "caught 12 of 60 planted defects (95 % 11..32 %), bar 50 %" },
    ]);
    expect(why(caught(30, 60))).toEqual([]);
  });

  it("keeps a judge's vote below the number of planted defects that a record needs", () => {
    expect(why(caught(0, 59))).toEqual([]);
    expect(why(caught(0, 60))).toHaveLength(1);
  });

  it("removes a judge's vote from the count at which the interval first ends below the bar", () => {
    const lost = Array.from({ length: 61 }, (_, hits) => why(caught(hits, 60)).length);
    expect(lost.lastIndexOf(1)).toBe(22);
    expect(lost.slice(0, 23).every((count) => count === 1)).toBe(true);
  });

  it.each([
    ["another model", { model: "older" }],
    ["another prompt", { prompt_digest: "8".repeat(64) }],
  ])("keeps a judge's vote whatever %s answered", (_, word) => {
    expect(why(caught(0, 60, word))).toEqual([]);
    expect(judgeReport(planted(caught(0, 60, word)), setup).families[0]).toMatchObject({
      known_bad: { n: 0, value: null },
      earlier: 60,
    });
  });

  it("removes the vote of the judge that answered, even if another model or prompt is set up before the gate decides", () => {
    const older = { model: "older", prompt_digest: "8".repeat(64) };
    const words = counted(caught(0, 60, older));
    const [pass] = passes;
    const why = (word: object) =>
      unqualifiedJudges(words, { verdicts: [{ ...verdictOf("openai", "pass"), ...pass, ...word }], bar: setup.bar });
    expect(why(older)).toHaveLength(1);
    expect(why({})).toEqual([]);
  });

  it.each([
    "http_500",
    "timeout",
    "unreachable",
    "invalid_json",
    "nonce",
    "digest",
    "citation",
    "refused",
    "too_large",
  ])("does not count %s for a judge's record, because it is no answer", (detail) => {
    const silent = caught(0, 60, { verdict: "inconclusive", detail });
    expect(judgeRecords(counted(silent), setup)[0]).toMatchObject({ planted: 0, qualified: true });
    expect(judgeReport(planted(silent), setup).families[0]).toMatchObject({ unanswered: 60 });
  });

  it.each(["verdict", "flip", "confidence"])(
    "counts inconclusive by %s as caught, because such a change is not merged",
    (detail) => {
      const unsure = caught(0, 60, { verdict: "inconclusive", detail });
      expect(judgeRecords(counted(unsure), setup)[0]).toMatchObject({ planted: 60, caught: 60, qualified: true });
    },
  );

  it("does not count harmless twins and injections for a judge's record", () => {
    const others = (["known-good", "injection"] as const).flatMap((planted, kind) =>
      caught(0, 60).map((each, number) => canary(1000 * (kind + 1) + number, { openai: {} }, { ...each, planted })),
    );
    expect(why(others)).toEqual([]);
  });
});

describe("the report", () => {
  const words = (openai: "pass" | "fail", gemini: "pass" | "fail") => ({
    openai: { verdict: openai },
    gemini: { verdict: gemini },
  });
  const several = (n: number, from: number, answers: Said, planted: "known-bad" | "known-good") =>
    Array.from({ length: n }, (_, number) => canary(from + number, answers, { planted }));
  const mixed = [
    ...several(10, 0, words("pass", "pass"), "known-bad"),
    ...several(5, 100, words("pass", "fail"), "known-bad"),
    ...several(15, 200, words("fail", "pass"), "known-bad"),
    ...several(70, 300, words("fail", "fail"), "known-bad"),
    ...several(36, 400, words("pass", "pass"), "known-good"),
    ...several(4, 500, words("fail", "pass"), "known-good"),
  ];

  it("reports how two families err together and what two passes are worth", () => {
    const [pair] = judgeReport(planted(mixed), setup).pairs;
    expect(pair?.misses).toMatchObject({ n: 100, both: 10, first: 5, second: 15, neither: 70 });
    expect(pair?.misses.phi?.value).toBeCloseTo((10 * 70 - 5 * 15) / Math.sqrt(15 * 85 * 25 * 75));
    expect(pair?.two_passes.on_bad).toMatchObject({ n: 100, hits: 10 });
    expect(pair?.two_passes.on_good).toMatchObject({ n: 40, hits: 36 });
    const posterior = pair?.two_passes.posteriors.find(({ prior }) => prior === 0.1);
    expect(posterior?.bad?.value).toBeCloseTo((0.1 * 0.1) / (0.1 * 0.1 + 0.9 * 0.9));
    expect(posterior?.bad?.upper).toBeGreaterThan(posterior?.bad?.value ?? 1);
  });

  it("reports what was not measured, and pairs only families that are configured", () => {
    const report = judgeReport(planted([]), setup);
    expect(report.pairs).toHaveLength(1);
    expect(report.pairs[0]?.two_passes.likelihood_ratio).toBeNull();
    expect(report.families.map(({ known_bad }) => known_bad.value)).toEqual([null, null]);
    const three = { ...setup, models: { ...setup.models, compatible: "other" } };
    expect(judgeReport(planted(mixed), three).pairs).toHaveLength(3);
  });

  it("excludes a canary that one family did not answer only from the pair", () => {
    const silent = canary(900, { openai: { verdict: "pass" }, gemini: { verdict: "inconclusive", detail: "timeout" } });
    const report = judgeReport(planted([...mixed, silent]), setup);
    expect(report.pairs[0]?.misses.n).toBe(100);
    expect(report.families[0]?.known_bad.n).toBe(101);
  });
});
