/** Which conclusions of a check run count as green, for all that decide by checks. */

const green: ReadonlySet<string | null> = new Set(["success", "neutral", "skipped"]);

/** False also for a run without a conclusion, and for one that GitHub adds later. */
export function isGreen(conclusion: string | null): boolean {
  return green.has(conclusion);
}
