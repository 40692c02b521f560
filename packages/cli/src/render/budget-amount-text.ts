/** An amount of a budget as people read it. */
import { budgetAmountText } from "@aedev/contracts";
import type { BudgetRow } from "@aedev/daemon";

export function unitAmountText(unit: BudgetRow["unit"], amount: number): string {
  return budgetAmountText(unit === "nano_usd" ? "usd" : unit === "ms" ? "minutes" : unit, amount);
}
