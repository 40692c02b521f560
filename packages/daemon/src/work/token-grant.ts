/** Computes what a run may spend, from this home's configuration and log, and whether a task's new run must wait for what others have reserved. */
import {
  dayStart,
  grantAskedTokens,
  grantTokens,
  isReserved,
  type Refusal,
  refuse,
  type TaskState,
  type TokenGrant,
} from "@aedev/core";
import type { Control } from "../control/control.ts";

export type Budgets = Pick<Control, "configuration"> & { readonly log: Pick<Control["log"], "state" | "views"> };

/** How long a run waits before it checks again whether the running ones have left enough. */
const waitMs = 3_000;

export function tokenGrant(
  task: TaskState,
  { control, taskTokens }: { control: Budgets; taskTokens: number },
): TokenGrant {
  const { limits, dayTokens } = tokensOfDay(control, taskTokens);
  return grantTokens(control.log.state, task, { limits, dayTokens });
}

/** What a run that a person asks for now (a draft, a set-up run) may use: `askedTokens`, or what the day leaves; refused if that is nothing. */
export function askedTokenGrant(
  control: Budgets,
  { askedTokens, advice }: { askedTokens: number; advice: string },
): number | Refusal {
  const { limits, dayTokens } = tokensOfDay(control, Number.POSITIVE_INFINITY);
  const tokens = grantAskedTokens(control.log.state, { limits, dayTokens, askedTokens });
  if (tokens > 0) return tokens;
  const why = `the tokens of the day are used up or reserved for runs under way (${dayTokens} of ${limits.day_tokens} used)`;
  return refuse("no-tokens", why, advice);
}

/** When a run without room now checks again (milliseconds since the epoch); null if it may start, or waiting would not help. */
export function waitsForTokens(task: TaskState, control: Budgets): number | null {
  const grant = tokenGrant(task, { control, taskTokens: Number.POSITIVE_INFINITY });
  return isReserved(grant, control.configuration.gatewayLimits) ? Date.now() + waitMs : null;
}

function tokensOfDay({ configuration, log }: Budgets, taskTokens: number) {
  const { gatewayLimits, tokenLimits } = configuration;
  const limits = { run_tokens: gatewayLimits.run_tokens, task_tokens: taskTokens, ...tokenLimits };
  return { limits, dayTokens: log.views.tokensSince(dayStart(new Date().toISOString())) };
}
