/** A rate limit lets a burst through, refills with time, and never exceeds its burst. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRateLimit } from "../src/rate-limit.ts";

describe("a rate limit", () => {
  it("uses up the rate limit with a burst and refills it with time", () => {
    const limit = createRateLimit({ burst: 3, perSecond: 2 });
    expect([1, 1, 1, 1].map((nowMs) => limit.take(nowMs))).toEqual([true, true, true, false]);
    expect([501, 501, 1_501, 1_501, 1_501].map((nowMs) => limit.take(nowMs))).toEqual([
      ...[true, false, true, true, false],
    ]);
  });

  it("never allows more than one burst, however long nothing came", () => {
    const limit = createRateLimit({ burst: 3, perSecond: 2 });
    expect(limit.take(0)).toBe(true);
    expect([1, 1, 1, 1, 1].map((seconds) => limit.take(seconds * 3_600_000))).toEqual([true, true, true, false, false]);
  });

  it("never allows more than the burst and the tokens refilled since, even if the clock jumps", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -50, max: 400 }), { maxLength: 200 }), (pauses) => {
        const limit = createRateLimit({ burst: 5, perSecond: 10 });
        let nowMs = 1_000;
        let passedMs = 0;
        let taken = 0;
        for (const pause of pauses) {
          nowMs += pause;
          passedMs += Math.max(0, pause);
          if (limit.take(nowMs)) taken += 1;
          expect(taken).toBeLessThanOrEqual(5 + passedMs / 100 + 1e-6);
        }
      }),
    );
  });
});
