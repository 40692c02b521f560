/** Usage of runs and amounts of budgets as text: the same total in every view, and the total that budgets charge. This file counts nothing itself. */
import { budgetAmountText, counted, roundedText, tokensOf, tokensText, type Usage } from "@aedev/contracts";
import type { BudgetRow } from "@aedev/daemon";

/** `1,240 tokens (1,000 in, 240 out), 3 requests`. Everything except output counts as input, including cache writes and surcharges. */
export function usageText(usage: Usage): string {
  const tokens = tokensOf(usage);
  return `${tokensText(tokens)} (${roundedText(tokens - usage.output_tokens)} in, ${roundedText(usage.output_tokens)} out), ${counted(usage.requests, "request")}`;
}

export function unitAmountText(unit: BudgetRow["unit"], amount: number): string {
  return budgetAmountText(unit === "nano_usd" ? "usd" : unit === "ms" ? "minutes" : unit, amount);
}
