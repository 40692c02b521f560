/**
 * Budgets that can be raised by an amount without a unit, and these amounts: as `config.yaml` and people write them, as the program counts them, and as
 * people read them.
 */
import { z } from "zod";
import { groupedText, tokensText } from "./figures.ts";
import { dollarsText, microDollarsOf } from "./price.ts";
import type { BudgetUnit } from "./settings.ts";

/** The budgets that `aedev budget raise` and a tap on the phone can raise. `limits.run_timeout` is not included: its amount has a unit. */
export const raisableBudgetSchema = z.enum([
  "limits.run_tokens",
  "limits.run_usd",
  "limits.mission_tokens",
  "limits.mission_usd",
  "limits.mission_minutes",
  "limits.mission_runs",
  "limits.repository_day_tokens",
  "limits.repository_day_usd",
  "limits.repository_day_minutes",
  "limits.repository_day_runs",
  "limits.day_tokens",
  "limits.day_usd",
  "limits.day_minutes",
  "limits.day_runs",
]);
/** The configuration key of a budget that can be raised by an amount without a unit. */
export type RaisableBudget = z.infer<typeof raisableBudgetSchema>;

/** An amount as `config.yaml` has it: whole tokens, minutes or runs, or dollars such as "40" or "4.8". Each amount has one spelling. */
export const budgetAmountSchema = z
  .string()
  .max(13)
  .regex(/^(?:[1-9][0-9]*|(?:0|[1-9][0-9]*)\.[0-9]*[1-9])$/);

/** A budget and its new amount. */
export const raisedBudgetSchema = z.strictObject({ budget: raisableBudgetSchema, raise_to: budgetAmountSchema });
/** A budget's key, and its new amount as `config.yaml` has it. */
export type RaisedBudget = z.infer<typeof raisedBudgetSchema>;

/** Which work shares a budget, and what the budget counts. */
export function partsOfBudget(budget: RaisableBudget): {
  scope: "run" | "mission" | "repository_day" | "day";
  unit: BudgetUnit;
} {
  const at = budget.lastIndexOf("_");
  return { scope: budget.slice("limits.".length, at) as never, unit: budget.slice(at + 1) as BudgetUnit };
}

const minuteMs = 60_000;
const nanoPerMicro = 1000;
const nanoPerDollar = 1_000_000_000;

/** The amount in tokens, nano-dollars, milliseconds or runs; null if the budget does not accept it. */
export function amountOfBudget({ budget, raise_to }: RaisedBudget): number | null {
  const { unit } = partsOfBudget(budget);
  if (unit === "usd") {
    const micro = microDollarsOf(raise_to);
    return micro === null || micro === 0 ? null : micro * nanoPerMicro;
  }
  if (!/^[1-9][0-9]{0,11}$/.test(raise_to)) return null;
  return Number(raise_to) * (unit === "minutes" ? minuteMs : 1);
}

/** `$40`, `$4.80`, `20 M tokens`, `90 minutes`, `1 run`. `amount`: in tokens, nano-dollars, milliseconds or runs. */
export function budgetAmountText(unit: BudgetUnit, amount: number): string {
  if (unit === "usd")
    return amount > 0 && amount % nanoPerDollar === 0 ? `$${groupedText(amount / nanoPerDollar)}` : dollarsText(amount);
  if (unit === "tokens" && Number(amount.toPrecision(3)) === amount) return tokensText(amount);
  const count = unit === "minutes" ? Math.ceil(amount / minuteMs) : amount;
  return `${groupedText(count)} ${count === 1 ? unit.slice(0, -1) : unit}`;
}

/** The new amount as a button or page shows it, such as `$40`. */
export function raisedText(raised: RaisedBudget): string {
  return budgetAmountText(partsOfBudget(raised.budget).unit, amountOfBudget(raised) ?? 0);
}
