/** The prior from history: its sum, its calibration and its quality. */
import type { ChangeMetrics } from "@aedev/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Calibration, calibrate, probabilityOf, uncalibrated } from "../../src/prior/calibration.ts";
import { calibrateRecent, tryCalibration } from "../../src/prior/prequential.ts";
import { priorOf } from "../../src/prior/prior.ts";
import { qualityOf } from "../../src/prior/quality.ts";
import { type Scorecard, scorecardSchema } from "../../src/prior/scorecard.ts";

const card: Scorecard = scorecardSchema.parse({
  provenance: { source: "test", licence: "MIT", command: "none", date: "2026-01-01", projects: [] },
  start: -1.2345,
  metrics: {
    la: { from: [10, 100], points: [-0.51234, 0.12345, 0.98765] },
    fix: { from: [1], points: [-0.1, 0.3333] },
  },
  pairs: [
    {
      of: ["la", "fix"],
      from: [[50], [1]],
      points: [
        [0.01111, -0.02222],
        [0.3, -0.4],
      ],
    },
  ],
  between: { start: 0.7, slope: 0.2 },
});
const small: ChangeMetrics = { ns: 1, nd: 1, nf: 1, entropy: 0, la: 3, ld: 0, lt: 50, fix: 0, ndev: 1, age: 2, nuc: 4 };
/** Changes of which the given share of the risky ones did harm, and none of the others. */
const past = (count: number, share: number) =>
  Array.from({ length: count }, (_, at) => ({ points: at % 2, harmed: at % 2 === 1 && (at / 2) % 10 < share * 10 }));

const priorIn = (change: ChangeMetrics, own: Calibration | null = null, commits = 400) =>
  priorOf(change, { card, calibration: own, commits });

describe("the prior of a change", () => {
  it("is as much more than a usual change as the points of each metric's bin say, whose first value is its edge", () => {
    const shift = (change: Partial<ChangeMetrics>) => priorIn({ ...small, ...change }).shift;
    expect(priorIn(small)).toMatchObject({ usual: -1234, commits: 400, calibrated_by: 0 });
    expect([shift({}), shift({ la: 9 })]).toEqual([-601, -601]);
    expect([shift({ la: 10, fix: 1 }), shift({ la: 100, fix: 1 })]).toEqual([435, 921]);
  });

  it("is lowered by the past of the files by at most one", () => {
    const shiftWith = (points: number) => {
      const one = { ...card, metrics: { ...card.metrics, lt: { from: [10], points: [0, points] } } };
      return priorOf(small, { card: one, calibration: null, commits: 400 }).shift;
    };
    // The size of the change alone gives -0.512.
    expect([0, -0.5, -1, -5].map(shiftWith)).toEqual([-601, -1101, -1512, -1512]);
    expect(shiftWith(2) - shiftWith(0)).toBe(2000);
  });

  it("counts with the repository's own weight of the points, and its own usual change", () => {
    const own = { commits: 250, start: 0.5, slope: 2, variance: [0.01, 0, 0.04] as [number, number, number] };
    expect(priorIn({ ...small, la: 100 }, own)).toEqual({
      ...{ usual: 500, shift: 2375, deviation: 238, commits: 400, calibrated_by: 250 },
    });
  });

  it("is ever more certain with more known changes, and with more commits up to two hundred", () => {
    const large = { ...small, la: 100 };
    const known = [0, 200, 2_000].map((count) => priorIn(large, calibrate(past(count, 0.5), card)));
    const relative = known.map(({ shift, deviation }) => deviation / shift);
    expect(relative).toEqual(relative.toSorted((one, other) => other - one));
    const young = [0, 20, 100, 200, 2_000].map((commits) => priorIn(large, null, commits).deviation);
    expect(young).toEqual([831, 772, 534, 238, 238]);
  });
});

describe("a calibration", () => {
  it("is the scorecard's own without changes, and what the changes say with many", () => {
    expect(uncalibrated(card)).toMatchObject({ commits: 0, start: card.start, slope: 1 });
    expect(uncalibrated(card).variance[0]).toBeCloseTo(card.between.start ** 2, 10);
    const { start, slope } = calibrate(past(20_000, 0.5), { start: 0, between: { start: 100, slope: 100 } });
    expect(probabilityOf(start + slope)).toBeCloseTo(0.5, 2);
    expect(probabilityOf(start)).toBeLessThan(0.01);
  });

  it("never turns the ranking around, even if the past did", () => {
    const turned = past(2_000, 0.9).map((change) => ({ ...change, points: 1 - change.points }));
    expect(calibrate(turned, card).slope).toBe(0.5);
    expect(calibrate(past(2_000, 0.9), card).slope).toBeGreaterThan(1);
  });

  it("rises with the points, whatever the past was", () => {
    const changes = fc.array(fc.record({ points: fc.double({ min: -4, max: 4, noNaN: true }), harmed: fc.boolean() }), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(changes, (known) => {
        const { start, slope, variance } = calibrate(known, card);
        expect(slope).toBeGreaterThanOrEqual(0.5);
        expect([start, slope, ...variance].every(Number.isFinite)).toBe(true);
        expect(variance[0] * variance[2] - variance[1] ** 2).toBeGreaterThan(0);
      }),
    );
  });

  it("follows a repository whose share of harm has changed", () => {
    const changed = [...past(4_000, 0.9), ...past(1_000, 0.2)];
    const recent = calibrateRecent(changed, card);
    const all = calibrate(changed, card);
    expect(probabilityOf(recent.start + recent.slope)).toBeLessThan(0.35);
    expect(probabilityOf(all.start + all.slope)).toBeGreaterThan(0.6);
  });

  it("is tried on each change by those before it, and improves a card that is wrong about the repository", () => {
    const { changes, before, after } = tryCalibration(past(1_000, 0.8), {
      start: 3,
      between: { start: 1, slope: 0.3 },
    });
    expect(changes).toBe(950);
    expect(after.brier).toBeLessThan(before.brier / 2);
    expect(after.ece).toBeLessThan(before.ece / 3);
  });
});

describe("the quality of estimates", () => {
  const estimates = (pairs: readonly (readonly [number, number])[]) =>
    pairs.map(([probability, harmed]) => ({ probability, harmed: harmed === 1 }));

  it("is as computed by hand", () => {
    const quality = qualityOf(
      estimates([
        [0.9, 1],
        [0.8, 0],
        [0.3, 1],
        [0.3, 0],
      ]),
    );
    // Of the four pairs, 0.9 beats both, 0.3 loses to 0.8 and ties with 0.3.
    expect(quality.auc).toBe(2.5 / 4);
    expect(quality.brier).toBeCloseTo((0.01 + 0.64 + 0.49 + 0.09) / 4, 10);
    expect(quality.ece).toBeCloseTo((0.1 + 0.8 + 0.7 + 0.3) / 4, 10);
  });

  it("has no ranking if nothing did harm, and none without estimates", () => {
    expect(
      qualityOf(
        estimates([
          [0.2, 0],
          [0.4, 0],
        ]),
      ).auc,
    ).toBeNull();
    expect(() => qualityOf([])).toThrow(RangeError);
  });
});
