/**
 * Fits a scorecard to one repository: rankings transfer between repositories, probabilities do not. Two figures, found from the repository's own past changes:
 * where its log-odds start, and how much weight the points have there. Few changes leave them near the scorecard's own, and uncertain.
 */
import { z } from "zod";
import type { Scorecard } from "./scorecard.ts";

/**
 * Less weight of the points is not believed: it differs little between repositories, and a slope below 0 would turn the ranking around. So a history that is
 * written for that can't switch the points off.
 */
const slopeMin = 0.5;

/** The log-odds are `start + slope · points`. `variance`: of start, of both together, of slope. */
export const calibrationSchema = z.strictObject({
  commits: z.int().nonnegative(),
  start: z.number(),
  slope: z.number().min(slopeMin),
  variance: z.tuple([z.number(), z.number(), z.number()]),
});
export type Calibration = z.infer<typeof calibrationSchema>;

/** A past change: its points, and whether it did harm. `weight`: by default 1. */
export interface KnownChange {
  readonly points: number;
  readonly harmed: boolean;
  readonly weight?: number;
}

/** What is expected of a repository before its past is known. */
export type Expected = Pick<Scorecard, "start" | "between">;

const iterationsMax = 60;
const stepMax = 2;

/** What is known of a repository without a history. */
export function uncalibrated(card: Expected): Calibration {
  return calibrate([], card);
}

/**
 * The most likely start and slope, by Newton's method, with the differences between repositories as what is expected before; their variance is that of the
 * normal distribution with the same curvature.
 */
export function calibrate(past: readonly KnownChange[], card: Expected): Calibration {
  const free = maximum(past, card, null);
  const found = free.slope < slopeMin ? maximum(past, card, slopeMin) : free;
  return { commits: past.length, ...found };
}

function maximum(
  past: readonly KnownChange[],
  { start: expected, between }: Expected,
  fixed: number | null,
): Omit<Calibration, "commits"> {
  const [startPrecision, slopePrecision] = [between.start ** -2, between.slope ** -2];
  let [start, slope] = [expected, fixed ?? 1];
  for (let step = 0; ; step += 1) {
    let [toStart, toSlope] = [(expected - start) * startPrecision, (1 - slope) * slopePrecision];
    let [a, b, c] = [startPrecision, 0, slopePrecision];
    for (const { points, harmed, weight = 1 } of past) {
      const p = probabilityOf(start + slope * points);
      const miss = weight * ((harmed ? 1 : 0) - p);
      const curve = weight * p * (1 - p);
      toStart += miss;
      toSlope += miss * points;
      a += curve;
      b += curve * points;
      c += curve * points ** 2;
    }
    const determinant = a * c - b * b;
    const variance: Calibration["variance"] = [c / determinant, -b / determinant, a / determinant];
    const moveStart = fixed === null ? variance[0] * toStart + variance[1] * toSlope : toStart / a;
    const moveSlope = fixed === null ? variance[1] * toStart + variance[2] * toSlope : 0;
    if (step === iterationsMax || Math.max(Math.abs(moveStart), Math.abs(moveSlope)) < 1e-9)
      return { start, slope, variance };
    start += Math.max(-stepMax, Math.min(stepMax, moveStart));
    slope += Math.max(-stepMax, Math.min(stepMax, moveSlope));
  }
}

/** The probability of log-odds. */
export function probabilityOf(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}
