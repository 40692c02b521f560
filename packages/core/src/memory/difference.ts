/** Differences between two groups with their 95 % intervals: of shares (Newcombe) and of means (Welch). Pure. */
import type { Figure } from "@aedev/contracts/api";
import { rateOf } from "../judges/statistics.ts";

export interface Group {
  readonly hits: number;
  readonly n: number;
}

/**
 * The difference of two shares with the hybrid score interval (Newcombe, Statistics in Medicine 17, 1998, method 10), which combines both Wilson
 * intervals. Null without trials on a side.
 */
export function differenceOfShares(one: Group, other: Group): Figure | null {
  const [left, right] = [rateOf(one.hits, one.n), rateOf(other.hits, other.n)];
  if (left.value === null || right.value === null) return null;
  const value = left.value - right.value;
  return {
    value,
    lower: value - Math.hypot(left.value - left.lower, right.upper - right.value),
    upper: value + Math.hypot(left.upper - left.value, right.value - right.lower),
  };
}

/** Fewer values than this on a side give no interval. */
const valuesMin = 5;

/** The difference of two means with unequal variances (Welch, Biometrika 34, 1947). Null with few values on a side. */
export function differenceOfMeans(one: readonly number[], other: readonly number[]): Figure | null {
  if (one.length < valuesMin || other.length < valuesMin) return null;
  const [left, right] = [momentsOf(one), momentsOf(other)];
  const value = left.mean - right.mean;
  const [a, b] = [left.variance / one.length, right.variance / other.length];
  if (a + b === 0) return { value, lower: value, upper: value };
  const freedom = (a + b) ** 2 / (a ** 2 / (one.length - 1) + b ** 2 / (other.length - 1));
  const half = t95(freedom) * Math.sqrt(a + b);
  return { value, lower: value - half, upper: value + half };
}

export function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function momentsOf(values: readonly number[]) {
  const mean = meanOf(values) ?? 0;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { mean, variance };
}

/** The two-sided 95 % point of Student's distribution (Abramowitz and Stegun 26.7.5); with four degrees of freedom or more it errs by less than 0.01. */
function t95(freedom: number): number {
  const z = 1.959963984540054;
  return (
    z +
    (z ** 3 + z) / 4 / freedom +
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96 / freedom ** 2 +
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384 / freedom ** 3 +
    (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92_160 / freedom ** 4
  );
}
