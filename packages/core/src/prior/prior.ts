/**
 * What history says of a change before anything of it ran: the log-odds that it will need a fix, as a sum that a person can follow, with its uncertainty.
 *
 * Folder: the log-odds of harm from history: metrics of a change, the scorecard, its calibration, and how good both are.
 */
import type { Calibration } from "./calibration.ts";
import { uncalibrated } from "./calibration.ts";
import type { ChangeMetrics } from "./metrics.ts";
import { type Addend, addendsOf, type Scorecard } from "./scorecard.ts";

/** The log-odds of a change in thousandths, as the gate adds them up, with their addends. */
export interface Prior {
  /** `start` and all addends together. */
  readonly logOdds: number;
  readonly start: number;
  /** In the order of the scorecard; each weighed by the repository's slope. */
  readonly addends: readonly Addend[];
  /** The standard deviation of `logOdds`: wide in a repository with few known changes. */
  readonly deviation: number;
}

/** `calibration` null: nobody calibrated the repository. */
export function priorOf(metrics: ChangeMetrics, card: Scorecard, calibration: Calibration | null): Prior {
  const own = calibration ?? uncalibrated(card);
  const found = addendsOf(metrics, card);
  const addends = found.map((addend) => ({ ...addend, points: thousandths(own.slope * addend.points) }));
  const start = thousandths(own.start);
  const points = pointsOf(found);
  const [ofStart, ofBoth, ofSlope] = own.variance;
  const variance = ofStart + 2 * points * ofBoth + points ** 2 * ofSlope;
  return {
    logOdds: start + pointsOf(addends),
    start,
    addends,
    deviation: thousandths(Math.sqrt(Math.max(0, variance))),
  };
}

/** Adding 0 makes -0 a 0. */
const thousandths = (value: number) => Math.round(value * 1_000) + 0;

/** All points of a change together. */
export function pointsOf(addends: readonly Addend[]): number {
  return addends.reduce((sum, addend) => sum + addend.points, 0);
}
