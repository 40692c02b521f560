/** Logistic regression with a normal prior on each weight, by Newton's method. */
import { probabilityOf } from "@aedev/core";

export interface Sample {
  readonly values: readonly number[];
  readonly harmed: boolean;
  /** By default 1. */
  readonly weight?: number;
}

const iterationsMax = 60;
const stepMax = 2;

/** One weight for each value. `deviations`: of their prior, whose mean is 0. */
export function fitLogistic(samples: readonly Sample[], deviations: readonly number[]): number[] {
  const precision = deviations.map((deviation) => deviation ** -2);
  const weights = deviations.map(() => 0);
  for (let step = 0; step < iterationsMax; step += 1) {
    const slope = weights.map((weight, at) => -weight * (precision[at] ?? 0));
    const curve = weights.map((_, row) => weights.map((_none, at) => (row === at ? (precision[at] ?? 0) : 0)));
    for (const { values, harmed, weight = 1 } of samples) {
      const p = probabilityOf(dot(weights, values));
      const miss = weight * ((harmed ? 1 : 0) - p);
      const bend = weight * p * (1 - p);
      for (const [row, value] of values.entries()) {
        slope[row] = (slope[row] ?? 0) + miss * value;
        const line = curve[row] ?? [];
        for (const [at, other] of values.entries()) line[at] = (line[at] ?? 0) + bend * value * other;
      }
    }
    const move = solve(curve, slope);
    for (const [at, by] of move.entries()) weights[at] = (weights[at] ?? 0) + Math.max(-stepMax, Math.min(stepMax, by));
    if (Math.max(...move.map(Math.abs)) < 1e-8) break;
  }
  return weights;
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
