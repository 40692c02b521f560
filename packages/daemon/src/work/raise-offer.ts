/** What a tap may raise a budget to: one absolute amount, made from the limit in force and what is used. It raises nothing. */

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

/** A budget now, in tokens, nano-dollars, milliseconds or runs. */
export interface BudgetFigures {
  /** Null: it has none. */
  readonly limit: number | null;
  readonly used: number;
  /** Whether more was used than can be counted: the price of something is not known. */
  readonly used_at_least: boolean;
}

/** The step to which an amount is rounded at least (dollars: cents), and the most that is ever offered. */
const units: Readonly<Record<BudgetUnit, { readonly step: number; readonly most: number }>> = {
  tokens: { step: 1, most: 10_000_000_000 },
  usd: { step: 10_000_000, most: 10_000_000_000_000 },
  minutes: { step: 60_000, most: 100_000 * 60_000 },
  runs: { step: 1, most: 10_000 },
};

/** The limit of a budget that is in force, and what the task's run, mission, repository or day has used of it. */
export function budgetFigures(task: TaskState, budget: RaisableBudget, control: Spending): BudgetFigures {
  const { scope, unit } = partsOfBudget(budget);
  const { limits, prices } = control.budgets();
  const charges = scope === "run" ? chargesOfRun(task, control) : chargesByScope(task, control)[scope];
  const used_at_least = unit === "usd" && chargedDollars(charges, prices).unknown.length > 0;
  return { limit: limits[unit][scope], used: amountsOf(charges, prices)[unit], used_at_least };
}

/** What a tap may raise the budget to that holds this task; null: an amount can't end the hold, or none that is sensible can. */
export function raiseOffer(task: TaskState, control: Spending): RaisedBudget | null {
  const budget = task.hold === null ? null : heldBudget(task.hold);
  if (budget === null) return null;
  const { limit, used } = budgetFigures(task, budget, control);
  return limit === null ? null : raiseOf(budget, { limit, used });
}

/** Twice the limit, or twice what is used if that would leave less than half the limit, rounded up to two digits; null: more than is ever offered. */
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
