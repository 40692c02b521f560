/** `aedev budget` and `aedev budget show`: every budget, and today's use of the daily ones, with the daemon up or down. */
import { budgetAmountText } from "@aedev/contracts";
import type { BudgetRow } from "@aedev/daemon";
import { done } from "../../command-line/answer.ts";
import type { Verb } from "../../command-line/verb.ts";
import { readHome } from "../../daemon-client/read-home.ts";
import { columns } from "../../render/columns.ts";

export const verb: Verb = {
  summary:
    "Show every budget, and what is used of those of a day. Dollars are at list price. aedev budget raise raises one.",
  examples: ["aedev budget show", "aedev budget show --json"],
  async run(session) {
    const budgets = await readHome(session, (home) => home.budgets());
    return done({ budgets }, budgetsText(budgets));
  },
};

function budgetsText(budgets: readonly BudgetRow[]): string {
  const rows = budgets.map((row) => [
    row.key,
    row.repository,
    row.limit === null ? "no limit" : amountText(row, row.limit),
    row.used === null ? null : usedAmount(row, row.used),
  ]);
  return columns(["budget", "repository", "limit", "used today"], rows, "");
}

function usedAmount(row: BudgetRow, used: number): string {
  const models = row.unpriced.map((model) => model ?? "a model that is not recorded");
  return models.length === 0
    ? amountText(row, used)
    : `at least ${amountText(row, used)}; no price of ${models.join(", ")}`;
}

function amountText({ unit }: BudgetRow, amount: number): string {
  return budgetAmountText(unit === "nano_usd" ? "usd" : unit === "ms" ? "minutes" : unit, amount);
}
