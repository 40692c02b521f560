/** What work may still use, computed from the home's budgets, prices and log; holds work that has no room left. A daily budget starts again at midnight. */

import {
  type BudgetKey,
  type BudgetUnit,
  budgetDetail,
  dearestNanoDollars,
  dollarsText,
  Fault,
  type GatewayLimits,
  type ModelPrice,
  unpricedWhy,
} from "@aedev/contracts";
import {
  type BudgetGrant,
  grantBudget,
  isReserved,
  type RunRoom,
  runRoom,
  type SharedScope,
  sharedBudgetKey,
  sharedScopes,
  type TaskState,
  tokensReservedByAsked,
  type UsedAmounts,
} from "@aedev/core";
import { type Charge, chargedDollars, type PriceList, priceOf, tokensCharged } from "@aedev/core/reading";
import { nextAt } from "@aedev/host/day-window";
import { chargesOfDay } from "../control/charges-of-day.ts";
import type { Spending } from "../control/parts.ts";

/** How long a run without room waits before it looks again at what the running ones have left over. */
const waitMs = 3_000;
const units = ["tokens", "usd", "minutes", "runs"] as const satisfies readonly BudgetUnit[];

/** The midnight at which the daily budgets start again. */
export function nextMidnight(): string {
  return nextAt(0, new Date()).toISOString();
}

export function chargesByScope(task: TaskState, { log }: Spending): Record<SharedScope, readonly Charge[]> {
  const day = chargesOfDay(log.views.charges);
  const { mission_id, repository } = task;
  // All parts of a plan share one budget.
  const whole = log.state.missions[task.plan ?? mission_id];
  const missions = [whole?.mission_id ?? mission_id, ...(whole?.plan?.parts ?? []).map((part) => part.mission_id)];
  const tasks = whole?.task_ids ?? [task.task_id];
  const streams = [...missions.map((id) => `mission/${id}`), ...tasks.map((id) => `task/${id}`)];
  const mission = log.views.charges.ofStreams(streams);
  return { mission, repository_day: day.filter((charge) => charge.repository === repository), day };
}

/** What these charges use of each budget, in tokens, nano-dollars, milliseconds and runs. */
export function amountsOf(charges: readonly Charge[], prices: PriceList): Record<BudgetUnit, number> {
  const sum = (amount: (charge: Charge) => number) => charges.reduce((total, charge) => total + amount(charge), 0);
  return {
    tokens: sum(tokensCharged),
    usd: chargedDollars(charges, prices).nanoDollars,
    minutes: sum(({ run_ms }) => run_ms),
    runs: sum(({ runs }) => runs),
  };
}

function usedOf(scopes: Record<SharedScope, readonly Charge[]>, control: Spending): UsedAmounts {
  const { prices } = control.budgets();
  const { mission, repository_day, day } = scopes;
  return {
    mission: amountsOf(mission, prices),
    repository_day: amountsOf(repository_day, prices),
    day: amountsOf(day, prices),
  };
}

/** What the task's current run may use, or its next one if none is under way; null for a unit without a budget. */
export function grantsOf(
  task: TaskState,
  { control, taskTokens }: { control: Spending; taskTokens: number },
): Record<BudgetUnit, BudgetGrant | null> {
  const { limits } = control.budgets();
  const used = usedOf(chargesByScope(task, control), control);
  const { state } = control.log;
  const asked = { tokens: tokensReservedByAsked(state), usd: dollarsReservedByAsked(control), minutes: 0, runs: 0 };
  const grant = (unit: BudgetUnit) => grantBudget(state, task, unit, { limits, used, taskTokens, asked: asked[unit] });
  return { tokens: grant("tokens"), usd: grant("usd"), minutes: grant("minutes"), runs: grant("runs") };
}

/** The most that the tokens reserved for drafts and a set-up run can cost. */
function dollarsReservedByAsked(control: Spending): number {
  const tokens = tokensReservedByAsked(control.log.state);
  const prices = Object.values(coderPrices(control));
  return Math.max(0, ...prices.map((price) => dearestNanoDollars(tokens, price)));
}

export function coderModels({ configuration }: Spending): string[] {
  const { coder, coder_small } = configuration.models;
  return [...new Set([coder, coder_small])];
}

/** The prices of the coder's models, without those whose price is unknown. */
export function coderPrices(control: Spending): Record<string, ModelPrice> {
  const { prices } = control.budgets();
  return Object.fromEntries(
    coderModels(control).flatMap((model) => {
      const price = priceOf(prices, model);
      return price === undefined ? [] : [[model, price]];
    }),
  );
}

/** When a run without room looks again (milliseconds since the epoch); null if it may start now or waiting would not help. */
export function waitsForRoom(task: TaskState, control: Spending): number | null {
  const grants = Object.values(grantsOf(task, { control, taskTokens: Number.POSITIVE_INFINITY }));
  const { limits } = control.budgets();
  // A budget that is used up for good must hold the task, not make it wait.
  if (grants.some((grant) => grant !== null && grant.limit - grant.used <= 0)) return null;
  const waits = grants.some((grant) => grant !== null && isReserved(grant, limits));
  return waits ? Date.now() + waitMs : null;
}

/** Throws a Fault `HOLD-BUDGET` if a budget is used up or a dollar budget can't be computed. A retry by a person is refused as well. */
export function requireRoom(
  task: TaskState,
  { control, taskTokens }: { control: Spending; taskTokens: number },
): Record<BudgetUnit, BudgetGrant | null> {
  requirePrices(chargesByScope(task, control), coderModels(control), control);
  const grants = grantsOf(task, { control, taskTokens });
  for (const unit of units) {
    const grant = grants[unit];
    if (grant !== null && grant.amount <= 0) throw usedUp(grant);
  }
  return grants;
}

/** The room that a run is prepared with; undefined if no budget of runs is set. The log refuses the run if others have used the room by then. */
export function roomOfRun(task: TaskState, control: Spending): RunRoom | undefined {
  const { runs: limits } = control.budgets().limits;
  const used = usedOf(chargesByScope(task, control), control);
  const left = sharedScopes.flatMap((scope) => {
    const limit = limits[scope];
    return limit === null ? [] : [[scope, limit - used[scope].runs]];
  });
  return left.length === 0 ? undefined : runRoom(control.log.state, Object.fromEntries(left));
}

/** Throws a Fault `HOLD-BUDGET` if a budget is used up before this model's judge is asked. A single judgement may end above the limit by its own cost. */
export function requireRoomForJudge(task: TaskState, model: string, control: Spending): void {
  const scopes = chargesByScope(task, control);
  requirePrices(scopes, [model], control);
  const { limits } = control.budgets();
  const used = usedOf(scopes, control);
  for (const unit of ["tokens", "usd"] as const)
    for (const scope of sharedScopes) {
      const limit = limits[unit][scope];
      if (limit === null || used[scope][unit] < limit) continue;
      const figures = { limit, used: used[scope][unit], reserved: 0, isDaily: scope !== "mission" };
      throw usedUp({ unit, budget: sharedBudgetKey(scope, unit), amount: 0, ...figures });
    }
}

/** Whether today's tokens or dollars are used up, or the dollars can't be computed. */
export function isDayUsedUp(control: Spending): boolean {
  const { limits, prices } = control.budgets();
  const day = chargesOfDay(control.log.views.charges);
  const tokens = day.reduce((sum, charge) => sum + tokensCharged(charge), 0);
  if (limits.tokens.day !== null && tokens >= limits.tokens.day) return true;
  if (limits.usd.day === null) return false;
  const { nanoDollars, unknown } = chargedDollars(day, prices);
  return unknown.length > 0 || nanoDollars >= limits.usd.day;
}

/** With a dollar budget, an unknown price of anything used or about to be used holds the work. */
function requirePrices(
  scopes: Record<SharedScope, readonly Charge[]>,
  models: readonly string[],
  control: Spending,
): void {
  const { limits, prices } = control.budgets();
  const bound = sharedScopes.filter((scope) => limits.usd[scope] !== null);
  if (bound.length === 0 && limits.usd.run === null) return;
  const budget: BudgetKey = bound[0] === undefined ? "limits.run_usd" : sharedBudgetKey(bound[0], "usd");
  const missing = models.find((model) => priceOf(prices, model) === undefined);
  if (missing !== undefined) throw unpricedFault(missing, budget);
  for (const scope of bound) {
    const [model] = chargedDollars(scopes[scope], prices).unknown;
    if (model !== undefined) throw unpricedFault(model, sharedBudgetKey(scope, "usd"), scope !== "mission");
  }
}

function unpricedFault(model: string | null, budget: BudgetKey, isDaily = false): Fault {
  const what = model === null ? "something was used whose model is not recorded" : `${model} has no known price`;
  return new Fault("HOLD-BUDGET", `a dollar budget can't be kept: ${what}`, {
    detail: budgetDetail("usd", budget, unpricedWhy(model)),
    hint: model === null ? `aedev budget raise ${budget} none` : `add ${model} to prices.yaml in the home`,
    ...(isDaily ? { resumesAt: nextMidnight() } : {}),
  });
}

function usedUp({ unit, budget, used, limit, reserved, isDaily }: BudgetGrant): Fault {
  const amounts = `${amountText(unit, used)} of ${amountText(unit, limit)}`;
  const beside = reserved > 0 ? `, ${amountText(unit, reserved)} reserved` : "";
  return new Fault("HOLD-BUDGET", `the budget ${budget} is used up`, {
    detail: budgetDetail(unit, budget, `${amounts}${beside}`),
    hint:
      budget === "repair.task_tokens"
        ? `aedev config set ${budget} AMOUNT && aedev daemon restart`
        : `aedev budget raise ${budget} AMOUNT`,
    ...(isDaily ? { resumesAt: nextMidnight() } : {}),
  });
}

function amountText(unit: BudgetUnit, amount: number): string {
  if (unit === "usd") return dollarsText(amount);
  return String(unit === "minutes" ? Math.ceil(amount / minuteMs) : amount);
}

const minuteMs = 60_000;

/** The gateway's budgets of a run that has room. */
export function gatewayBudgets(
  { tokens, usd }: Pick<Record<BudgetUnit, BudgetGrant | null>, "tokens" | "usd">,
  control: Spending,
): Pick<GatewayLimits, "run_tokens" | "token_budget" | "token_resets_at" | "spend"> {
  const own = control.configuration.gatewayLimits;
  const ofTokens =
    tokens === null
      ? { run_tokens: own.run_tokens, token_budget: own.token_budget }
      : {
          run_tokens: Math.max(1, tokens.amount),
          token_budget: tokens.budget as GatewayLimits["token_budget"],
          ...(tokens.isDaily ? { token_resets_at: nextMidnight() } : {}),
        };
  if (usd === null) return ofTokens;
  const spend = {
    nano_usd: Math.max(1, usd.amount),
    budget: usd.budget as NonNullable<GatewayLimits["spend"]>["budget"],
    resets_at: usd.isDaily ? nextMidnight() : null,
    prices: coderPrices(control),
  };
  return { ...ofTokens, spend };
}
