/** Writes and parses the detail of HOLD-BUDGET for a budget of tokens, dollars, minutes or runs. */
import { type RaisableBudget, raisableBudgetSchema } from "./budget-amount.ts";
import type { BudgetKey, BudgetUnit } from "./settings.ts";

const own: Partial<Record<BudgetKey, BudgetUnit>> = { "limits.run_tokens": "tokens", "limits.run_usd": "usd" };

/** `usd (limits.day_usd)`, `usd ($5.00 of $5.00: limits.day_usd)`; the unit alone is the run's own budget. */
export function budgetDetail(unit: BudgetUnit, budget: BudgetKey, why?: string): string {
  if (why !== undefined) return `${unit} (${why.replace(/[()]/g, "_")}: ${budget})`;
  return own[budget] === undefined ? `${unit} (${budget})` : unit;
}

/** The budget that a detail names; null: it names none, as a detail about bytes does. */
export function budgetOfDetail(detail: string | null): string | null {
  const [, unit, budget] = /^(tokens|usd|minutes|runs)(?: \((?:[^()]*: )?([a-z_.]+)\))?$/.exec(detail ?? "") ?? [];
  return budget ?? Object.entries(own).find(([, ofRun]) => ofRun === unit)?.[0] ?? null;
}

/** Why a dollar budget can't be enforced: the price of a model is unknown, or (null) the model itself. A higher budget doesn't help. */
export function unpricedWhy(model: string | null): string {
  return model === null ? "model not recorded" : `no price of ${model}`;
}

/** The budget that must be raised to end a hold with this detail; null: no amount ends it. */
export function raisableBudgetOf(detail: string | null): RaisableBudget | null {
  if (/^usd \((?:model not recorded|no price of [^()]*): [a-z_.]+\)$/.test(detail ?? "")) return null;
  return raisableBudgetSchema.safeParse(budgetOfDetail(detail)).data ?? null;
}
