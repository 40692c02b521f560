/** Fits a scorecard to several projects: what differs between them is not in its points, but in how far its start and slope vary. */
import { addendsOf, calibrate, pointsOf, type Scorecard } from "@aedev/core";
import { type Example, fitTables, shareOf, type Tables } from "./additive.ts";
import type { Project, Row } from "./rows.ts";
import { recency } from "./scorers.ts";

export type FittedCard = Omit<Scorecard, "provenance">;
const decimals = 4;
/** Nothing is known before about a project's start and slope. */
const anything = { start: 0, between: { start: 100, slope: 100 } };

/** Each project weighs the same. Start and slope, and how they vary, are what projects need that are left out of the fit. */
export function fitCard(projects: readonly Pick<Project, "name" | "train">[]): FittedCard {
  const needed = projects.map((left) => {
    const tables = fitTogether(projects.filter((project) => project !== left));
    return calibrate(
      left.train.map((row) => ({ points: pointsIn(tables, row), harmed: row.harmed })),
      anything,
    );
  });
  const start = mean(needed.map((one) => one.start));
  const slope = mean(needed.map((one) => one.slope));
  const tables = fitTogether(projects);
  const scaled = (points: number) => Number((slope * points).toFixed(decimals));
  const rounded = (edge: number) => Number(edge.toPrecision(8));
  return {
    start: Number(start.toFixed(decimals)),
    metrics: Object.fromEntries(
      Object.entries(tables.metrics).map(([name, { from, points }]) => [
        name,
        { from: from.map(rounded), points: points.map(scaled) },
      ]),
    ),
    pairs: tables.pairs.map(({ of, from: [rows, across], points }) => ({
      of,
      from: [rows.map(rounded), across.map(rounded)],
      points: points.map((row) => row.map(scaled)),
    })),
    between: {
      start: Number(deviation(needed.map((one) => one.start)).toFixed(decimals)),
      slope: Number((deviation(needed.map((one) => one.slope)) / slope).toFixed(decimals)),
    },
  };
}

function fitTogether(projects: readonly Pick<Project, "train">[]): Tables {
  const rows = projects.reduce((sum, { train }) => sum + train.length, 0);
  return fitTables(
    projects.flatMap(({ train }) => {
      const recent = train.map((row, index) => ({ ...row, weight: recency(index, train.length) }));
      const share = shareOf(recent);
      const all = recent.reduce((sum, { weight }) => sum + weight, 0);
      const scale = rows / projects.length / all;
      return recent.map(
        (row): Example => ({ ...row, weight: row.weight * scale, offset: Math.log(share / (1 - share)) }),
      );
    }),
  );
}

function pointsIn(tables: Tables, { metrics }: Row): number {
  return pointsOf(addendsOf(metrics, tables));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The unbiased standard deviation; with a single value, that of the usual prior. */
function deviation(values: readonly number[]): number {
  if (values.length < 2) return 1;
  const middle = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1));
}
