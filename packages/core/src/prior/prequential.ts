/** Calibrates by changes in the order of time, newer ones with more weight, and tries it as it would have been used: on each change from those before it alone. */
import {
  type Calibration,
  calibrate,
  type Expected,
  type KnownChange,
  probabilityOf,
  uncalibrated,
} from "./calibration.ts";
import { type Quality, qualityOf } from "./quality.ts";

/** Changes that are known before the first is estimated. */
export const firstKnown = 50;
/** Steps in which the rest is estimated; before each, everything known is fitted again. */
const trialParts = 20;
/**
 * A change counts half if it lies this share of all changes back: what is called a fix drifts with the years, faster in one repository than in another. The
 * share is chosen that would have been best in the newer half of the past.
 */
const halfLives = [0.025, 0.05, 0.1, 0.2, 0.5, 3] as const;
/** The choice is tried at each step on the changes of the horizon after it; both are shares of all changes. */
const choiceStep = 0.05;
const horizon = 0.25;
/** With fewer changes there is too little to choose by, and all count alike. */
const choiceMin = 200;

/** How good a calibration would have been. */
export interface CalibrationTrial {
  /** Changes that were estimated. */
  readonly changes: number;
  /** With the scorecard as it is. */
  readonly before: Quality;
  /** With the calibration by the changes before. */
  readonly after: Quality;
  /** By all changes, for what comes next. */
  readonly calibration: Calibration;
}

/** `past`: oldest first, more than `firstKnown`. */
export function tryCalibration(past: readonly KnownChange[], card: Expected): CalibrationTrial {
  const raw = uncalibrated(card);
  const tried = past.slice(firstKnown);
  const size = Math.max(1, Math.ceil(tried.length / trialParts));
  let own = raw;
  const after = tried.map(({ points, harmed }, index) => {
    if (index % size === 0) own = calibrateRecent(past.slice(0, firstKnown + index), card);
    return { probability: estimate(points, own), harmed };
  });
  const before = tried.map(({ points, harmed }) => ({ probability: estimate(points, raw), harmed }));
  const calibration = calibrateRecent(past, card);
  return { changes: tried.length, before: qualityOf(before), after: qualityOf(after), calibration };
}

/** `past`: oldest first. */
export function calibrateRecent(past: readonly KnownChange[], card: Expected): Calibration {
  if (past.length < choiceMin) return calibrate(past, card);
  const losses = halfLives.map((share) => lossWith(share * past.length, past, card));
  const best = halfLives[losses.indexOf(Math.min(...losses))] ?? 1;
  return calibrate(weighted(past, best * past.length), card);
}

function weighted(past: readonly KnownChange[], halfLife: number): KnownChange[] {
  return past.map((change, index) => ({ ...change, weight: 2 ** ((index + 1 - past.length) / halfLife) }));
}

/** The mean logarithmic loss of calibrations in the newer half on what came after each. */
function lossWith(halfLife: number, past: readonly KnownChange[], card: Expected): number {
  let [loss, count] = [0, 0];
  const step = Math.ceil(past.length * choiceStep);
  for (let now = Math.floor(past.length / 2); now < past.length; now += step) {
    const own = calibrate(weighted(past.slice(0, now), halfLife), card);
    for (const { points, harmed } of past.slice(now, now + Math.ceil(past.length * horizon))) {
      const p = estimate(points, own);
      loss -= Math.log(harmed ? p : 1 - p);
      count += 1;
    }
  }
  return loss / count;
}

function estimate(points: number, { start, slope }: Calibration): number {
  return probabilityOf(start + slope * points);
}
