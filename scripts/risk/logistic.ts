/** Logistic regression with a normal prior on each weight and limits for it, by Newton's method. */
import { probabilityOf } from "@aedev/core";

export interface Sample {
  readonly values: readonly number[];
  readonly harmed: boolean;
  /** By default 1. */
  readonly weight?: number;
}

/** What is known of a weight before: its mean (by default 0), its deviation, and limits that it never passes. */
export interface Prior {
  readonly deviation: number;
  readonly mean?: number;
  readonly lowest?: number;
  readonly highest?: number;
}

const iterationsMax = 60;
const stepMax = 2;

/** One weight for each value. */
export function fitLogistic(samples: readonly Sample[], priors: readonly Prior[]): number[] {
  const precision = priors.map(({ deviation }) => deviation ** -2);
  const weights = priors.map(({ mean = 0 }) => mean);
  for (let step = 0; step < iterationsMax; step += 1) {
    const slope = weights.map((weight, at) => ((priors[at]?.mean ?? 0) - weight) * (precision[at] ?? 0));
    const curve = weights.map((_, row) => weights.map((_none, at) => (row === at ? (precision[at] ?? 0) : 0)));
    for (const { values, harmed, weight = 1 } of samples) {
      const p = probabilityOf(dot(weights, values));
      const miss = weight * ((harmed ? 1 : 0) - p);
      const bend = weight * p * (1 - p);
      for (const [row, value] of values.entries()) {
        if (value === 0) continue;
        slope[row] = (slope[row] ?? 0) + miss * value;
        const line = curve[row] ?? [];
        for (const [at, other] of values.entries()) line[at] = (line[at] ?? 0) + bend * value * other;
      }
    }
    for (const [at, weight] of weights.entries())
      if (isStopped(weight, slope[at] ?? 0, priors[at])) leaveOut(at, slope, curve);
    const before = [...weights];
    for (const [at, by] of solve(curve, slope).entries())
      weights[at] = within((weights[at] ?? 0) + Math.max(-stepMax, Math.min(stepMax, by)), priors[at]);
    if (weights.every((weight, at) => Math.abs(weight - (before[at] ?? 0)) < 1e-8)) break;
  }
  return weights;
}

/** A weight at its limit that would pass it stays for this step. */
function isStopped(weight: number, slope: number, { lowest = -Infinity, highest = Infinity }: Partial<Prior> = {}) {
  return (weight <= lowest && slope < 0) || (weight >= highest && slope > 0);
}

function leaveOut(at: number, slope: number[], curve: readonly number[][]): void {
  slope[at] = 0;
  for (const [row, line] of curve.entries())
    for (const column of line.keys()) if (row === at || column === at) line[column] = row === column ? 1 : 0;
}

function within(weight: number, { lowest = -Infinity, highest = Infinity }: Partial<Prior> = {}): number {
  return Math.max(lowest, Math.min(highest, weight));
}

export function dot(one: readonly number[], other: readonly number[]): number {
  return one.reduce((sum, value, at) => sum + value * (other[at] ?? 0), 0);
}

/** Gauss and Jordan, with pivots. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, at) => [...row, right[at] ?? 0]);
  const cell = (row: number, at: number) => rows[row]?.[at] ?? 0;
  for (let at = 0; at < rows.length; at += 1) {
    let best = at;
    for (let row = at + 1; row < rows.length; row += 1)
      if (Math.abs(cell(row, at)) > Math.abs(cell(best, at))) best = row;
    [rows[at], rows[best]] = [rows[best] ?? [], rows[at] ?? []];
    for (let row = 0; row < rows.length; row += 1) {
      if (row === at) continue;
      const factor = cell(row, at) / cell(at, at);
      rows[row] = (rows[row] ?? []).map((value, column) => value - factor * cell(at, column));
    }
  }
  return rows.map((row, at) => (row.at(-1) ?? 0) / (row[at] ?? 1));
}
