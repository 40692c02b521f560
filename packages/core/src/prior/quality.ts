/** How good estimated probabilities are, against what happened. */

/** An estimated probability, and what happened. */
export interface Estimate {
  readonly probability: number;
  readonly harmed: boolean;
}

/** Measures of estimates; all but the first are better if lower. */
export interface Quality {
  /** How often a harmful change has a higher estimate than a harmless one; ties count half. Null without one of either. */
  readonly auc: number | null;
  /** The mean squared error. */
  readonly brier: number;
  /** The mean difference between estimate and share in bins of equal numbers. */
  readonly ece: number;
}

const binsOfEce = 10;

/** Throws a RangeError without estimates. */
export function qualityOf(estimates: readonly Estimate[]): Quality {
  if (estimates.length === 0) throw new RangeError("no estimates");
  const sorted = estimates.toSorted((one, other) => one.probability - other.probability);
  return {
    auc: aucOf(sorted),
    brier: mean(sorted.map(({ probability, harmed }) => (probability - Number(harmed)) ** 2)),
    ece: eceOf(sorted),
  };
}

function aucOf(sorted: readonly Estimate[]): number | null {
  const harmful = sorted.filter(({ harmed }) => harmed).length;
  const pairs = harmful * (sorted.length - harmful);
  if (pairs === 0) return null;
  let ranks = 0;
  for (let from = 0; from < sorted.length; ) {
    let to = from;
    while (to < sorted.length && sorted[to]?.probability === sorted[from]?.probability) to += 1;
    const equal = sorted.slice(from, to).filter(({ harmed }) => harmed).length;
    ranks += (equal * (from + to + 1)) / 2;
    from = to;
  }
  return (ranks - (harmful * (harmful + 1)) / 2) / pairs;
}

function eceOf(sorted: readonly Estimate[]): number {
  let sum = 0;
  for (let bin = 0; bin < binsOfEce; bin += 1) {
    const [from, to] = [bin, bin + 1].map((edge) => Math.floor((edge * sorted.length) / binsOfEce));
    const members = sorted.slice(from, to);
    if (members.length === 0) continue;
    const gap = mean(members.map(({ probability }) => probability)) - mean(members.map(({ harmed }) => Number(harmed)));
    sum += (members.length / sorted.length) * Math.abs(gap);
  }
  return sum;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
