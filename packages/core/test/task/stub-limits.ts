/** Budgets for tests: only those that a test names. */
import type { BudgetLimits } from "../../src/task/budgets.ts";

const none = { run: null, mission: null, repository_day: null, day: null };

export function stubLimits(given: { [unit in keyof BudgetLimits]?: Partial<BudgetLimits[unit]> }): BudgetLimits {
  return {
    tokens: { ...none, ...given.tokens },
    usd: { ...none, ...given.usd },
    minutes: { ...none, ...given.minutes },
    runs: { ...none, ...given.runs },
  };
}
