/** Computes the amount to which a tap may raise a budget, from the current limit and what is used. It raises nothing itself. */

import {
  amountOfBudget,
  type BudgetUnit,
  decimalOf,
  partsOfBudget,
  type RaisableBudget,
  type RaisedBudget,
} from "@aedev/contracts";
import { heldBudget, type TaskState } from "@aedev/core";
import { type Charge, chargedDollars } from "@aedev/core/reading";
import type { Spending } from "../control/parts.ts";
import { amountsOf, chargesByScope } from "./budgets.ts";

/** A budget's current figures, in tokens, nano-dollars, milliseconds or runs. */
export interface BudgetFigures {
  /** Null: there is no such budget. */
  readonly limit: number | null;
  readonly used: number;
  /** Whether more was used than is counted, because a price is unknown. */
  readonly used_at_least: boolean;
}

/** For each unit, the smallest step that amounts are rounded to (for dollars, cents) and the highest amount ever offered. */
const units: Readonly<Record<BudgetUnit, { readonly step: number; readonly most: number }>> = {
  tokens: { step: 1, most: 10_000_000_000 },
  usd: { step: 10_000_000, most: 10_000_000_000_000 },
  minutes: { step: 60_000, most: 100_000 * 60_000 },
  runs: { step: 1, most: 10_000 },
};

/** The current limit of a budget, and what the task's run, mission, repository or day has used of it. */
export function budgetFigures(task: TaskState, budget: RaisableBudget, control: Spending): BudgetFigures {
  const { scope, unit } = partsOfBudget(budget);
  const { limits, prices } = control.budgets();
  const charges = scope === "run" ? chargesOfRun(task, control) : chargesByScope(task, control)[scope];
  const used_at_least = unit === "usd" && chargedDollars(charges, prices).unknown.length > 0;
  return { limit: limits[unit][scope], used: amountsOf(charges, prices)[unit], used_at_least };
}

/** The amount that a tap may raise the holding budget to; null if no amount ends the hold, or only an unreasonable one. */
export function raiseOffer(task: TaskState, control: Spending): RaisedBudget | null {
  const budget = task.hold === null ? null : heldBudget(task.hold);
  if (budget === null) return null;
  const { limit, used } = budgetFigures(task, budget, control);
  return limit === null ? null : raiseOf(budget, { limit, used });
}

/** Twice the limit, or twice the use if more than half the limit would be used, rounded up to two digits; null if that is more than is ever offered. */
export function raiseOf(
  budget: RaisableBudget,
  { limit, used }: { readonly limit: number; readonly used: number },
): RaisedBudget | null {
  const { unit } = partsOfBudget(budget);
  const { step, most } = units[unit];
  const wanted = 2 * limit >= used + limit / 2 ? 2 * limit : 2 * used;
  const amount = Math.min(roundedUp(wanted / step) * step, most);
  if (amount <= Math.max(limit, used)) return null;
  const raised = { budget, raise_to: textOf(unit, amount) };
  return amountOfBudget(raised) === null ? null : raised;
}

function roundedUp(count: number): number {
  const place = 10 ** Math.max(0, String(Math.ceil(count)).length - 2);
  return Math.ceil(count / place) * place;
}

function textOf(unit: BudgetUnit, amount: number): string {
  if (unit !== "usd") return String(amount / units[unit].step);
  return decimalOf(amount, 2).replace(/\.?0+$/, "");
}

/** What the task's newest run has used. */
function chargesOfRun({ task_id, runs }: TaskState, { log }: Spending): Charge[] {
  const run = runs.at(-1);
  if (run === undefined) return [];
  const ofTask = log.views.charges.ofStreams([`task/${task_id}`]);
  return ofTask.filter(({ kind, at }) => kind === "run" && at >= run.started_at);
}
