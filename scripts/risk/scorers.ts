/** Ways to estimate the risk of a project's newest commits from older ones: the scorecard, within a project and from other projects, and simpler ones beside it. */
import { metricNames } from "@aedev/contracts";
import {
  addendsOf,
  type Calibration,
  calibrateRecent,
  type Estimate,
  type KnownChange,
  pointsOf,
  probabilityOf,
  type Scorecard,
} from "@aedev/core";
import { fitTables, shareOf, type Tables } from "./additive.ts";
import { dot, fitLogistic } from "./logistic.ts";
import type { Project, Row } from "./rows.ts";

/** A row counts half if so large a part of the rows is newer. */
const halfLife = 0.5;
/** Parts of the training rows, each scored by a model of the rows before it. */
const parts = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];
/** Within a project, points and level already fit: the slope hardly moves. */
const within = { start: 0, between: { start: 10, slope: 0.05 } };

/** Estimates of the test rows. */
export type Scorer = (project: Pick<Project, "train" | "test">) => Estimate[];

export const baseRate: Scorer = ({ train, test }) => {
  const probability = train.filter(({ harmed }) => harmed).length / train.length;
  return test.map(({ harmed }) => ({ probability, harmed }));
};

/** Logistic regression on log(1 + x). */
export const logistic =
  (valuesOf: (row: Row) => readonly number[]): Scorer =>
  ({ train, test }) => {
    const values = (row: Row) => [1, ...valuesOf(row).map(Math.log1p)];
    const samples = train.map((row) => ({ values: values(row), harmed: row.harmed }));
    const deviations = [100, ...valuesOf(train[0] as Row).map(() => 1)];
    const weights = fitLogistic(
      samples,
      deviations.map((deviation) => ({ deviation })),
    );
    return test.map((row) => ({ probability: probabilityOf(dot(weights, values(row))), harmed: row.harmed }));
  };
export const linesAdded = logistic(({ metrics }) => [metrics.la]);
export const allMetrics = logistic(({ metrics }) => metricNames.map((name) => metrics[name]));
export const logistic14 = logistic(({ metrics, experience }) => [
  ...metricNames.map((name) => metrics[name]),
  ...experience,
]);

/** The scorecard, fitted and calibrated on the project's own older rows. */
export const ownScorecard: Scorer = ({ train, test }) => {
  const past = parts.slice(1).flatMap((end, index) => {
    const [from, to] = [parts[index] ?? 0, end].map((part) => Math.floor(part * train.length));
    return pastBy(fitOwn(train.slice(0, from)), train.slice(from, to));
  });
  return estimates(fitOwn(train), test, calibrateRecent(past, within));
};

/** The card of other projects as it is, or calibrated by the newest `local` training rows. */
export const foreignScorecard =
  (card: Omit<Scorecard, "provenance">, local: number): Scorer =>
  ({ train, test }) => {
    const known = train.slice(Math.max(0, train.length - local));
    return estimates({ ...card, level: 0 }, test, calibrateRecent(pastBy({ ...card, level: 0 }, known), card));
  };

/** Tables, and the log-odds that their points are added to. */
type Levelled = Tables & { readonly level: number };

function estimates(card: Levelled, rows: readonly Row[], { start, slope }: Calibration): Estimate[] {
  return pastBy(card, rows).map(({ points, harmed }) => ({
    probability: probabilityOf(start + slope * points),
    harmed,
  }));
}

function pastBy(card: Levelled, rows: readonly Row[]): KnownChange[] {
  return rows.map(({ metrics, harmed }) => ({ points: card.level + pointsOf(addendsOf(metrics, card)), harmed }));
}

function fitOwn(rows: readonly Row[]): Levelled {
  const examples = rows.map((row, index) => ({ ...row, weight: recency(index, rows.length), offset: 0 }));
  const share = shareOf(examples);
  return { ...fitTables(examples), level: Math.log(share / (1 - share)) };
}

export function recency(index: number, length: number): number {
  return 2 ** (-(length - index) / (halfLife * length));
}
