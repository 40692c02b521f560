/** The detail of HOLD-BUDGET for a budget of tokens, dollars, minutes or runs: made and read in one place. */
import type { BudgetKey, BudgetUnit } from "./settings.ts";

const own: Partial<Record<BudgetKey, BudgetUnit>> = { "limits.run_tokens": "tokens", "limits.run_usd": "usd" };

/** `usd (limits.day_usd)`, `usd ($5.00 of $5.00: limits.day_usd)`; the unit alone is the run's own budget. */
export function budgetDetail(unit: BudgetUnit, budget: BudgetKey, why?: string): string {
  if (why !== undefined) return `${unit} (${why.replace(/[()]/g, "_")}: ${budget})`;
  return own[budget] === undefined ? `${unit} (${budget})` : unit;
}

/** The budget that a detail names; null: it names none, such as one about bytes. */
export function budgetOfDetail(detail: string | null): string | null {
  const [, unit, budget] = /^(tokens|usd|minutes|runs)(?: \((?:[^()]*: )?([a-z_.]+)\))?$/.exec(detail ?? "") ?? [];
  return budget ?? Object.entries(own).find(([, ofRun]) => ofRun === unit)?.[0] ?? null;
}
