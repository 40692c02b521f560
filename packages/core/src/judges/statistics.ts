/** The statistics of judges: intervals of rates, correlation of errors, likelihood ratios and posteriors. Pure; nothing here is stored. */
import type { ErrorTable, Figure, Rate, Ratio } from "@aedev/contracts/api";

/** The two-sided 95 % point of the standard normal distribution. */
const z95 = 1.959963984540054;

/** The Wilson score interval at 95 % (Wilson 1927). It is valid for few trials and for rates near 0 and 1, where the plain interval is too narrow. */
export function rateOf(hits: number, n: number): Rate {
  if (n === 0) return { n, hits, value: null, lower: 0, upper: 1 };
  const share = hits / n;
  const square = z95 * z95;
  const centre = (share + square / (2 * n)) / (1 + square / n);
  const half = (z95 / (1 + square / n)) * Math.sqrt((share * (1 - share)) / n + square / (4 * n * n));
  return {
    n,
    hits,
    value: share,
    lower: hits === 0 ? 0 : Math.max(0, centre - half),
    upper: hits === n ? 1 : Math.min(1, centre + half),
  };
}

/** Fewer samples than this give no meaningful correlation. */
const samplesMin = 4;

/**
 * The correlation (phi) of the errors: 1 if they always occur together, 0 if they are independent. Its interval uses Fisher's transformation, which is
 * rough for few errors. Null if a judge never or always erred.
 */
export function phiOf({ both, first, second, neither }: ErrorTable): Figure | null {
  const n = both + first + second + neither;
  const product = Math.sqrt((both + first) * (second + neither) * (both + second) * (first + neither));
  if (product === 0 || n < samplesMin) return null;
  const value = Math.min(1, Math.max(-1, (both * neither - first * second) / product));
  const half = n > samplesMin ? z95 / Math.sqrt(n - 3) : Number.POSITIVE_INFINITY;
  const bounded = Math.min(0.999_999, Math.max(-0.999_999, value));
  return { value, lower: Math.tanh(Math.atanh(bounded) - half), upper: Math.tanh(Math.atanh(bounded) + half) };
}

/**
 * How many times likelier an answer is for a bad change than for a good change; the interval combines the extremes of both rates. Null if a rate is
 * unknown or the answer never occurred for a good change.
 */
export function likelihoodRatio(onBad: Rate, onGood: Rate): Ratio | null {
  if (onBad.value === null || onGood.value === null || onGood.value === 0) return null;
  return {
    value: onBad.value / onGood.value,
    lower: onBad.lower / onGood.upper,
    upper: onGood.lower === 0 ? null : onBad.upper / onGood.lower,
  };
}

/** The probability that a change is bad after the answer, if it was `prior` before (Bayes); null if the ratio is null. */
export function posteriorOf(prior: number, ratio: Ratio | null): Figure | null {
  if (ratio === null) return null;
  const after = (likelihood: number | null) =>
    likelihood !== null ? (prior * likelihood) / (prior * likelihood + 1 - prior) : 1;
  return { value: after(ratio.value), lower: after(ratio.lower), upper: after(ratio.upper) };
}
