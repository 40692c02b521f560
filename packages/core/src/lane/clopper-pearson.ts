/** Exact bounds of a rate (Clopper and Pearson 1934): the rates at which the observed count lies on the edge of a tail of the binomial distribution. */

/** Halvings of the unit interval: more than a double can show. */
const halvings = 60;

/**
 * `bad` of `n` went wrong. `lower`: in 95 of 100 such samples the true rate is above it; `upper`: below it. Without a sample, 0 and 1. A `tail` of 0.025
 * gives the two-sided interval at 95 %.
 */
export function clopperPearson(
  bad: number,
  n: number,
  tail = 0.05,
): { readonly lower: number; readonly upper: number } {
  const lower = bad === 0 ? 0 : crossing((rate) => 1 - atMost(bad - 1, { n, rate }) >= tail);
  const upper = bad >= n ? 1 : crossing((rate) => atMost(bad, { n, rate }) <= tail);
  return { lower, upper };
}

/** The rate from which `isBeyond` holds. */
function crossing(isBeyond: (rate: number) => boolean): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < halvings; step += 1) {
    const middle = (low + high) / 2;
    if (isBeyond(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** The chance of at most `k` of `n` at this rate; as logarithms, because single terms may be too small for a double. */
function atMost(k: number, { n, rate }: { n: number; rate: number }): number {
  const odds = Math.log(rate) - Math.log1p(-rate);
  let term = n * Math.log1p(-rate);
  let sum = Math.exp(term);
  for (let count = 1; count <= k; count += 1) {
    term += Math.log((n - count + 1) / count) + odds;
    sum += Math.exp(term);
  }
  return Math.min(1, sum);
}
