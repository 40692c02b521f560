/** Lists every budget with its limit and, for daily ones, its use since midnight. */
import type { BudgetUnit } from "@aedev/contracts";
import type { BudgetLimits } from "@aedev/core";
import { type Charge, chargedDollars, type PriceList, tokensCharged, type UsedBudget } from "@aedev/core/reading";

/** `limit` and `used` are in `unit`. */
export interface BudgetRow extends UsedBudget {
  readonly unit: "tokens" | "nano_usd" | "ms" | "runs";
  /** Models without a known price, which a dollar budget can't count; null stands for an unrecorded model. */
  readonly unpriced: readonly (string | null)[];
}

/** The unit of each kind of budget. */
const amountUnits = {
  tokens: "tokens",
  usd: "nano_usd",
  minutes: "ms",
  runs: "runs",
} as const satisfies Record<BudgetUnit, BudgetRow["unit"]>;

/** `today`: the charges since midnight. */
export function budgetRows(
  limits: BudgetLimits,
  { today, prices }: { today: readonly Charge[]; prices: PriceList },
): BudgetRow[] {
  const repositories = [...new Set(today.flatMap(({ repository }) => repository ?? []))].toSorted();
  return (Object.keys(amountUnits) as BudgetUnit[]).flatMap((unit): BudgetRow[] => {
    const { run, mission, repository_day, day } = limits[unit];
    const row = (scope: string, limit: number | null) => ({
      ...{ key: `limits.${scope}_${unit}`, unit: amountUnits[unit], repository: null, limit, used: null, unpriced: [] },
    });
    const used = (charges: readonly Charge[]) => usedOf(charges, unit, prices);
    const ofRepositories =
      repository_day === null
        ? []
        : repositories.map((name) => ({
            ...row("repository_day", repository_day),
            repository: name,
            ...used(today.filter(({ repository }) => repository === name)),
          }));
    return [
      ...(unit === "runs"
        ? []
        : [unit === "minutes" ? { ...row("run", run), key: "limits.run_timeout" } : row("run", run)]),
      row("mission", mission),
      ...(ofRepositories.length > 0 ? ofRepositories : [row("repository_day", repository_day)]),
      { ...row("day", day), ...used(today) },
    ];
  });
}

function usedOf(charges: readonly Charge[], unit: BudgetUnit, prices: PriceList): Pick<BudgetRow, "used" | "unpriced"> {
  const sum = (amount: (charge: Charge) => number) => charges.reduce((total, charge) => total + amount(charge), 0);
  switch (unit) {
    case "tokens":
      return { used: sum(tokensCharged), unpriced: [] };
    case "minutes":
      return { used: sum(({ run_ms }) => run_ms), unpriced: [] };
    case "runs":
      return { used: sum(({ runs }) => runs), unpriced: [] };
    case "usd": {
      const { nanoDollars, unknown } = chargedDollars(charges, prices);
      return { used: nanoDollars, unpriced: unknown };
    }
  }
}
