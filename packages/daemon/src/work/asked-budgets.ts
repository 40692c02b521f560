/** The budgets of runs that a person asks for outside a task: drafts and set-up runs. */

import { budgetDetail, Fault, type GatewayLimits } from "@aedev/contracts";
import { grantAsked, type Refusal, refuse, tokensReservedByAsked } from "@aedev/core";
import { chargedDollars, tokensCharged } from "@aedev/core/reading";
import { chargesOfDay } from "../control/charges-of-day.ts";
import type { Spending } from "../control/parts.ts";
import { coderModels, coderPrices, nextMidnight } from "./budgets.ts";

/** The tokens that such a run may use: `askedTokens`, or less if the day leaves less; a refusal if nothing is left. */
export function askedTokenGrant(
  control: Spending,
  { askedTokens, advice }: { askedTokens: number; advice: string },
): number | Refusal {
  const { limits } = control.budgets();
  const dayUsed = chargesOfDay(control.log.views.charges).reduce((sum, charge) => sum + tokensCharged(charge), 0);
  const asked = tokensReservedByAsked(control.log.state);
  const tokens = grantAsked(control.log.state, "tokens", { limits, dayUsed, asked, wanted: askedTokens });
  if (tokens > 0 && (limits.usd.day === null || askedSpend(control) !== null)) return tokens;
  const why =
    tokens > 0
      ? "the dollars of the day are used up or reserved for runs under way, or can't be reckoned"
      : `the tokens of the day are used up or reserved for runs under way (${dayUsed} of ${limits.tokens.day} used)`;
  return refuse("no-tokens", why, advice);
}

/** The gateway's limits for a run with this grant. Throws a Fault `HOLD-BUDGET` if no dollars are left by now. */
export function askedGateway(
  control: Spending,
  { tokens, budget }: { tokens: number; budget: GatewayLimits["token_budget"] },
): GatewayLimits {
  const limits = { ...control.configuration.gatewayLimits, run_tokens: tokens, token_budget: budget };
  if (control.budgets().limits.usd.day === null) return limits;
  const spend = askedSpend(control);
  if (spend === null)
    throw new Fault("HOLD-BUDGET", "no dollars are left, or they can't be reckoned", {
      detail: budgetDetail("usd", "limits.day_usd"),
    });
  return { ...limits, spend };
}

/** The dollar budget of such a run; null if nothing is left or a price is unknown. */
function askedSpend(control: Spending): NonNullable<GatewayLimits["spend"]> | null {
  const { limits, prices } = control.budgets();
  const { nanoDollars, unknown } = chargedDollars(chargesOfDay(control.log.views.charges), prices);
  const known = coderPrices(control);
  const isKnown = coderModels(control).every((model) => known[model] !== undefined);
  const wanted = limits.usd.run ?? limits.usd.day ?? 0;
  const nano_usd = grantAsked(control.log.state, "usd", { limits, dayUsed: nanoDollars, asked: 0, wanted });
  if (!isKnown || unknown.length > 0 || nano_usd <= 0) return null;
  return { nano_usd, budget: "limits.day_usd", resets_at: nextMidnight(), prices: known };
}
