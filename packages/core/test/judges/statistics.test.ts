/** The statistics, against published values and against their promise: an interval contains the truth about as often as it says. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { likelihoodRatio, phiOf, posteriorOf, rateOf } from "../../src/judges/statistics.ts";

describe("an interval", () => {
  it.each([
    // The Wilson score at 95 %, as R's prop.test(correct = FALSE) gives it.
    [0, 10, 0, 0.2775],
    [10, 10, 0.7225, 1],
    [12, 60, 0.1183, 0.3178],
    [50, 100, 0.4038, 0.5962],
    [0, 60, 0, 0.0602],
    [0, 300, 0, 0.0126],
  ])("computes the interval of %i in %i as %f to %f", (hits, n, lower, upper) => {
    const rate = rateOf(hits, n);
    expect(rate.lower).toBeCloseTo(lower, 3);
    expect(rate.upper).toBeCloseTo(upper, 3);
  });

  it("gives the widest interval without data", () => {
    expect(rateOf(0, 0)).toEqual({ n: 0, hits: 0, value: null, lower: 0, upper: 1 });
  });

  it("contains the observed rate in the interval, and narrows it with more data", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), fc.nat(), (n, seed) => {
        const rate = rateOf(seed % (n + 1), n);
        const more = rateOf(10 * (seed % (n + 1)), 10 * n);
        expect(rate.lower).toBeLessThanOrEqual(rate.value ?? 2);
        expect(rate.upper).toBeGreaterThanOrEqual(rate.value ?? -1);
        expect(rate.lower).toBeGreaterThanOrEqual(0);
        expect(rate.upper).toBeLessThanOrEqual(1);
        expect(more.upper - more.lower).toBeLessThan(rate.upper - rate.lower);
      }),
    );
  });

  it.each([0.05, 0.2, 0.5, 0.75])("contains a true rate of %f about nineteen times in twenty", (truth) => {
    let held = 0;
    const n = 200;
    for (let hits = 0; hits <= n; hits += 1) {
      const { lower, upper } = rateOf(hits, n);
      if (lower <= truth && truth <= upper) held += binomial(n, hits, truth);
    }
    expect(held).toBeGreaterThan(0.93);
    expect(held).toBeLessThan(0.98);
  });
});

describe("a correlation of errors", () => {
  it("gives a correlation of one if errors always coincide, zero if by chance, and minus one if never", () => {
    expect(phiOf({ both: 10, first: 0, second: 0, neither: 10 })?.value).toBeCloseTo(1);
    expect(phiOf({ both: 25, first: 25, second: 25, neither: 25 })?.value).toBeCloseTo(0);
    expect(phiOf({ both: 0, first: 10, second: 10, neither: 0 })?.value).toBeCloseTo(-1);
  });

  it("gives no correlation if one judge never erred, or without data", () => {
    expect(phiOf({ both: 0, first: 5, second: 0, neither: 15 })).toBeNull();
    expect(phiOf({ both: 0, first: 0, second: 0, neither: 0 })).toBeNull();
  });

  it("keeps the correlation inside its interval, and the interval within minus one and one", () => {
    const count = fc.nat({ max: 300 });
    fc.assert(
      fc.property(count, count, count, count, (both, first, second, neither) => {
        const phi = phiOf({ both, first, second, neither });
        if (phi === null) return;
        expect(phi.lower).toBeGreaterThanOrEqual(-1);
        expect(phi.upper).toBeLessThanOrEqual(1);
        expect(phi.lower).toBeLessThanOrEqual(phi.value + 1e-5);
        expect(phi.upper).toBeGreaterThanOrEqual(phi.value - 1e-5);
      }),
    );
  });
});

describe("the posterior after an answer", () => {
  it("follows Bayes: two passes four times likelier on good changes halve a doubt of one in five", () => {
    const ratio = likelihoodRatio(rateOf(200, 1000), rateOf(800, 1000));
    expect(ratio?.value).toBeCloseTo(0.25);
    expect(posteriorOf(0.2, ratio)?.value).toBeCloseTo(0.05 / 0.85, 4);
  });

  it("gives no posterior if a rate is unknown, or no good change was passed", () => {
    expect(likelihoodRatio(rateOf(0, 0), rateOf(8, 10))).toBeNull();
    expect(likelihoodRatio(rateOf(1, 10), rateOf(0, 10))).toBeNull();
    expect(posteriorOf(0.1, null)).toBeNull();
  });

  it("gives a posterior that grows with the prior, inside its interval", () => {
    const hits = fc.integer({ min: 1, max: 60 });
    fc.assert(
      fc.property(hits, hits, (bad, good) => {
        const ratio = likelihoodRatio(rateOf(bad, 60), rateOf(good, 60));
        const [small, large] = [posteriorOf(0.05, ratio), posteriorOf(0.2, ratio)];
        expect(small?.value).toBeLessThanOrEqual(large?.value ?? -1);
        for (const figure of [small, large]) {
          expect(figure?.lower).toBeLessThanOrEqual((figure?.value ?? 0) + 1e-9);
          expect(figure?.upper).toBeGreaterThanOrEqual((figure?.value ?? 0) - 1e-9);
        }
      }),
    );
  });
});

function binomial(n: number, k: number, p: number): number {
  let logarithm = k * Math.log(p) + (n - k) * Math.log(1 - p);
  for (let at = 1; at <= k; at += 1) logarithm += Math.log((n - k + at) / at);
  return Math.exp(logarithm);
}
