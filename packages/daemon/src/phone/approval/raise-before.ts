/**
 * Raises a budget in `config.yaml` for a tap, before the log records the tap. The amount is absolute, so it can be written again: a crash in between leaves a
 * raised budget and an approval that still works.
 */
import { amountOfBudget, Fault, partsOfBudget, type RaisedBudget } from "@aedev/contracts";
import { type BudgetLimits, type Command, decide, mentionedBy, type Refusal, refuse } from "@aedev/core";
import { loadConfiguration } from "../../configuration/load-configuration.ts";
import { loadPrices } from "../../configuration/load-prices.ts";
import type { Home, Records, Spending, Trust } from "../../control/parts.ts";
import { raiseBudget } from "../../reader/raise-budget.ts";

/** Null once the budget is at least this amount; it never lowers one. Raises nothing that the log would refuse. Throws if config.yaml can't be written. */
export function raiseBefore(
  command: Command,
  { control, raised }: { control: Home & Records & Trust & Spending; raised: RaisedBudget },
): Refusal | null {
  const refusal = control.trust.refusal();
  if (refusal !== null) return refusal;
  const decision = decide(command, control.log.stateWith(mentionedBy(command)));
  if (decision.kind === "refused") return decision;
  const inForce = limitOf(control.budgets().limits, raised);
  if (isReached(inForce, raised)) return null;
  const { home } = control;
  try {
    // Reads only the file: a value from elsewhere that wins now would also win over the new one.
    if (limitOf(loadConfiguration({ home, environment: {} }).budgets, raised) !== inForce)
      return notRaised(`${raised.budget} is not what config.yaml says`, "aedev config show");
    // Limits and prices come into force together.
    loadPrices({ home });
    raiseBudget({ home, environment: {}, key: raised.budget, amount: raised.raise_to });
  } catch (error) {
    // A retry would give the same refusal.
    if (error instanceof Fault) return notRaised(error.message, error.hint);
    throw error;
  }
  if (isReached(limitOf(control.budgets().limits, raised), raised)) return null;
  return notRaised("config.yaml has the new amount, and it is not in force", "aedev daemon restart");
}

function limitOf(limits: BudgetLimits, { budget }: RaisedBudget): number | null {
  const { scope, unit } = partsOfBudget(budget);
  return limits[unit][scope];
}

function isReached(limit: number | null, raised: RaisedBudget): boolean {
  return limit === null || limit >= (amountOfBudget(raised) ?? Number.POSITIVE_INFINITY);
}

function notRaised(why: string, hint?: string): Refusal {
  return refuse("config-invalid", `the budget was not raised: ${why}`, hint);
}
