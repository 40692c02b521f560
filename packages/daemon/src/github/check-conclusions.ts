/** Tells which conclusions of a check run count as green, for all code that decides by checks. */

const green: ReadonlySet<string | null> = new Set(["success", "neutral", "skipped"]);

/** False also for a run without a conclusion, and for conclusions that GitHub may add later. */
export function isGreen(conclusion: string | null): boolean {
  return green.has(conclusion);
}
