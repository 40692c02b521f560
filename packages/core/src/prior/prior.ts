/**
 * What history says of a change before anything of it ran: how much more likely than a usual change it is to need a fix. Whoever writes a repository's history
 * chooses commits, dates and messages; so these can lower the chance only a little.
 *
 * Folder: the log-odds of harm from history: metrics of a change, the scorecard, its calibration, and how good both are.
 */
import { type ChangeMetrics, commitsEnough, type History, type MetricName } from "@aedev/contracts";
import type { Calibration } from "./calibration.ts";
import { uncalibrated } from "./calibration.ts";
import { type Addend, addendsOf, type Scorecard } from "./scorecard.ts";

/** The metrics of the change alone, which no history alters. */
const ofChange: readonly MetricName[] = ["ns", "nd", "nf", "entropy", "la", "ld"];
/** By how much the past of the files can lower the log-odds that the size of the change gives. */
const pastGainMax = 1;
/** The relative uncertainty that is added without any commit; it falls to 0 with enough of them. */
const doubtOfYouth = 0.5;

/** `calibration` null: nobody calibrated the repository. `commits`: of its past. */
export function priorOf(
  metrics: ChangeMetrics,
  { card, calibration, commits }: { card: Scorecard; calibration: Calibration | null; commits: number },
): Omit<History, "metrics"> {
  const own = calibration ?? uncalibrated(card);
  const addends = addendsOf(metrics, card);
  const bySize = addends.filter(({ of }) => of.every((name) => ofChange.includes(name)));
  const shift = own.slope * Math.max(pointsOf(addends), pointsOf(bySize) - pastGainMax);
  const doubt = Math.sqrt(own.variance[2]) / own.slope + doubtOfYouth * Math.max(0, 1 - commits / commitsEnough);
  return {
    usual: thousandths(own.start),
    shift: thousandths(shift),
    deviation: thousandths(Math.abs(shift) * doubt),
    commits,
    calibrated_by: own.commits,
  };
}

/** By how much at least it counts as riskier, or below 0 as safer than a usual change: what is uncertain never counts for it. */
export function cautiousShift({ shift, deviation }: Pick<History, "shift" | "deviation">): number {
  return shift > 0 ? shift + deviation : Math.min(0, shift + deviation);
}

/** Adding 0 makes -0 a 0. */
const thousandths = (value: number) => Math.round(value * 1_000) + 0;

/** All points of a change together. */
export function pointsOf(addends: readonly Addend[]): number {
  return addends.reduce((sum, addend) => sum + addend.points, 0);
}
