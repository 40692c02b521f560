/** The exact interval of a proportion at 95 % (Clopper and Pearson 1934). Pure. */

/** For example `3 of 12 (25 %, 5 to 57 %)`. */
export function proportionText(hits: number, of: number): string {
  if (of === 0) return "none of none";
  const { lower, upper } = clopperPearson(hits, of);
  const percent = (share: number) => Math.round(share * 100);
  return `${hits} of ${of} (${percent(hits / of)} %, ${percent(lower)} to ${percent(upper)} %)`;
}

/** The bounds between which the rate lies in 95 of 100 samples. */
export function clopperPearson(hits: number, of: number): { lower: number; upper: number } {
  return {
    lower: hits === 0 ? 0 : rateWhere((rate) => atLeast(hits, of, rate) < 0.025),
    upper: hits === of ? 1 : rateWhere((rate) => 1 - atLeast(hits + 1, of, rate) > 0.025),
  };
}

/** The rate up to which the condition holds, by bisection. */
function rateWhere(holds: (rate: number) => boolean): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The probability of at least `hits` in `of` trials. Logarithms: the factors of many trials are beyond a number. */
function atLeast(hits: number, of: number, rate: number): number {
  let sum = 0;
  let choose = 0;
  for (let k = 0; k <= of; k += 1) {
    if (k > 0) choose += Math.log((of - k + 1) / k);
    if (k >= hits) sum += Math.exp(choose + k * Math.log(rate) + (of - k) * Math.log1p(-rate));
  }
  return Math.min(1, sum);
}
