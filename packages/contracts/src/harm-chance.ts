/** The chance that a change does harm, as every client says it. Stored scores are thousandths of log-odds; earlier versions stored points from 0 to 100. */

/** The chance (0 to 1) that belongs to thousandths of natural log-odds. */
export function harmChance(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds / 1000));
}

/** A chance in percent with two digits: `0.43 %`, `7.6 %`, `34 %`. */
export function chanceText(chance: number): string {
  const percent = chance * 100;
  if (percent < 0.1) return "below 0.1 %";
  if (percent > 99) return "above 99 %";
  return `${Number(percent.toPrecision(2))} %`;
}

/** A weight as it is added up: `+1.200`, `-0.700`. */
export function logOddsText(thousandths: number): string {
  return `${thousandths < 0 ? "-" : "+"}${Math.abs(thousandths / 1000).toFixed(3)}`;
}

/** `risk_score` null: a hard gate decided. */
export interface DecidedRisk {
  readonly risk_score: number | null;
  readonly score_kind: "points" | "log-odds" | null;
  readonly level: string | null;
}

/** The largest shares for and against harm, at most `most` of each. The start and shares of 0 are left out. */
export function largestShares<Share extends { readonly factor: string; readonly points: number }>(
  shares: readonly Share[],
  most = 3,
): { readonly harm: Share[]; readonly against: Share[] } {
  const sorted = shares
    .filter(({ factor }) => factor !== "start")
    .toSorted((left, right) => Math.abs(right.points) - Math.abs(left.points));
  return {
    harm: sorted.filter(({ points }) => points > 0).slice(0, most),
    against: sorted.filter(({ points }) => points < 0).slice(0, most),
  };
}

/** How risky the change is, such as `7.6 % chance of harm (low)`; null without a score. */
export function riskText({ risk_score: score, score_kind: kind, level }: DecidedRisk): string | null {
  if (score === null) return null;
  const measure = kind === "log-odds" ? `${chanceText(harmChance(score))} chance of harm` : `${score} of 100 points`;
  return `${measure}${level === null ? "" : ` (${level})`}`;
}
