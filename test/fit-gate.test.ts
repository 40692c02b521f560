/** The script that fits the weights of the gate's signals, on made-up decided cases. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { policySourceSchema } from "../packages/core/src/gate/policy/policy-schema.ts";
import {
  chanceOf,
  fitGate,
  type GateSample,
  samplesOf,
  unseenChances,
  weightsOf,
  world,
} from "../scripts/risk/gate-fit.ts";
import { writtenWeights } from "../scripts/risk/policy-text.ts";
import { binsOf, calibrationError, curveSvg } from "../scripts/risk/reliability.ts";
import { type DecidedRow, leftOutRow } from "./support/decisions/decided-row.ts";

const yaml = readFileSync(new URL("../config/policies.yaml", import.meta.url), "utf8");
const policy = policySourceSchema.parse(parse(yaml));

type Case = Partial<DecidedRow> & Pick<DecidedRow, "signals">;
let nextCase = 0;
const row = ({ source = "real-patches", repository, label = "right", ...more }: Case): DecidedRow => {
  nextCase += 1;
  const known = { source, label, layer: "visible" as const, repository: repository ?? `r${nextCase % 12}` };
  return { ...leftOutRow({ ...known, case: `c${nextCase}` }, ""), answer: "ask", score: 0, ...more };
};
/** What another run's tests gave. */
const written = (passed: number) => ({
  ...{
    size: null,
    kinds: null,
    paths: null,
    dependencies: null,
    checks: null,
    tests: null,
    provenness: null,
    replay: null,
  },
  independent: { passed, failed: 0, uncounted: 0, why_none: null },
});
const times = (count: number, of: Case) => Array.from({ length: count }, () => row(of));
const fitted = (rows: readonly DecidedRow[]) => fitGate(samplesOf(rows, policy), policy);

/** Untested ways are found in wrong patches only, tests of another run that pass in right ones only. */
const rows = [
  ...times(40, { label: "wrong", signals: { untested_ways: 2, judges_pass: 1, same_outside_tests: 4 } }),
  ...times(20, { label: "wrong", signals: { judges_pass: 1 } }),
  ...times(40, { signals: { independent_tests_pass: 1, judges_pass: 1 }, features: written(3) }),
  ...times(20, { signals: { judges_pass: 1 } }),
];

describe("the fit of the gate's weights", () => {
  it("moves a weight towards what the cases show, and fits the same weights again", () => {
    const { signals } = fitted(rows);
    expect(signals.get("untested_ways")).toBeGreaterThan(weightsOf(policy).signals.get("untested_ways") ?? 0);
    expect(signals.get("independent_tests_pass")).toBeLessThan(-1.2);
    expect(fitted(rows)).toEqual(fitted(rows));
  });

  it("never changes a sign, although the cases contradict it", () => {
    const known = weightsOf(policy).signals.get("same_outside_tests") ?? 0;
    expect(known).toBeLessThan(0);
    expect(fitted(rows).signals.get("same_outside_tests")).toBe(0);
    const against = times(40, { signals: { same_outside_tests: 1 } });
    expect(fitted([...rows, ...against]).signals.get("same_outside_tests")).toBeLessThanOrEqual(0);
  });

  it("keeps weights that no case tells anything about, and those of judges, which are scripted", () => {
    const [before, after] = [weightsOf(policy).signals, fitted(rows).signals];
    for (const signal of ["code_without_test", "test_finding", "judges_pass", "judge_flip"] as const)
      expect(after.get(signal)).toBe(before.get(signal));
    expect(after.get("untested_ways")).not.toBe(before.get("untested_ways"));
  });

  it("takes only cases that the sum decided, and counts missing inputs in full", () => {
    const left = [
      row({ signals: {}, answer: "left-out" }),
      row({ signals: {}, disputed: true }),
      row({ signals: {}, answer: "hold", hold_code: "HOLD-CHECKS-FAILED" }),
      row({ signals: {}, score: null }),
    ];
    expect(samplesOf(left, policy)).toEqual([]);
    const [missing, many, one] = [null, 99, 1].map((count) =>
      samplesOf([row({ signals: { untested_ways: count } })], policy).flatMap(({ values }) => values),
    );
    expect(missing).toEqual(many);
    expect(missing).not.toEqual(one);
  });

  it("does not count tests of another run that are still to be written", () => {
    const of = (features: DecidedRow["features"]) =>
      samplesOf([row({ signals: { independent_tests_pass: 1 }, features })], policy).flatMap(({ values }) => values);
    expect(of(null)).toEqual(of({ ...written(1), independent: null }));
    expect(of(written(1))).not.toEqual(of(null));
  });

  it("weighs each source as its stated part of the world, however many cases it has", () => {
    const samples = samplesOf([...rows, ...times(300, { source: "history", signals: {}, label: "ordinary" })], policy);
    const part = (has: (sample: GateSample) => boolean) =>
      samples.filter(has).reduce((sum, { weight }) => sum + weight, 0) / samples.length;
    const { history, "real-patches": patches } = world;
    const all = history.share + patches.share;
    expect(part(({ row: { source } }) => source === "history")).toBeCloseTo(history.share / all);
    expect(part(({ harmed }) => harmed)).toBeCloseTo((patches.share * patches.wrong) / all);
  });

  it("estimates a repository's cases from others only", () => {
    const own = times(10, { repository: "odd", label: "wrong", signals: { new_tests_fail_on_base: 1 } });
    const samples = samplesOf([...rows, ...own], policy);
    const chances = unseenChances(samples, policy);
    const seen = fitGate(samples, policy);
    const odd = samples.findIndex(({ row: { repository } }) => repository === "odd");
    expect(chances[odd]).toBeLessThan(chanceOf(samples[odd] as GateSample, seen));
  });
});

it("writes weights, caps in proportion and the source into the policy, and nothing else", () => {
  const weights = weightsOf(policy);
  const same = writtenWeights(yaml, { weights, policy, source: policy.risk.source });
  expect(policySourceSchema.parse(parse(same))).toEqual(policy);
  const other = { start: -1, signals: new Map([...weights.signals, ["untested_ways", 0.6] as const]) };
  const text = writtenWeights(yaml, { weights: other, policy, source: "Fitted on cases." });
  const { risk } = policySourceSchema.parse(parse(text));
  expect(risk.source).toBe("Fitted on cases.");
  expect(risk.start).toBe(-1000);
  expect(risk.for.untested_ways).toEqual({ weight: 600, per: 1, most: 900 });
  expect({ ...risk, source: "", start: 0, for: { ...risk.for, untested_ways: 0 } }).toEqual({
    ...policy.risk,
    source: "",
    start: 0,
    for: { ...policy.risk.for, untested_ways: 0 },
  });
  const unlike = yaml.replace("untested_ways: {", "untested_way: {");
  expect(() => writtenWeights(unlike, { weights, policy, source: "" })).toThrow("untested_ways");
});

describe("the reliability curve", () => {
  const estimates = [0.1, 0.1, 0.1, 0.1, 0.8, 0.8].map((probability, at) => ({
    ...{ probability, weight: 1 },
    harmed: at === 0 || at === 4,
  }));

  it("puts equal estimates into one bin, with the share that was harmful and its interval", () => {
    const bins = binsOf(estimates);
    expect(bins.map(({ cases, estimated, happened }) => [cases, estimated, happened])).toEqual([
      [4, 0.1, 0.25],
      [2, 0.8, 0.5],
    ]);
    for (const { lower, happened, upper } of bins) expect(lower < happened && happened < upper).toBe(true);
    expect(calibrationError(bins)).toBeCloseTo((4 * 0.15 + 2 * 0.3) / 6);
  });

  it("counts by weight", () => {
    const [first] = binsOf(estimates.map((one) => ({ ...one, weight: one.harmed ? 3 : 1 })));
    expect(first?.happened).toBe(0.5);
  });

  it("is drawn as a self-contained picture with one point for each bin", () => {
    const svg = curveSvg(binsOf(estimates), "a curve");
    expect(svg.match(/<circle/gu)).toHaveLength(2);
    expect(svg).not.toMatch(/<script|href|url\(/u);
  });
});
