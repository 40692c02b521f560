/** Computes what a task's run may spend, from this home's configuration and log, and whether a new run must wait for what others have reserved. */
import { dayStart, grantTokens, isReserved, type TaskState, type TokenGrant } from "@aedev/core";
import type { Control } from "../control/control.ts";

type Budgets = Pick<Control, "configuration"> & { readonly log: Pick<Control["log"], "state" | "views"> };

/** How long a run waits before it checks again whether the running ones have left enough. */
const waitMs = 3_000;

export function tokenGrant(
  task: TaskState,
  { control, taskTokens }: { control: Budgets; taskTokens: number },
): TokenGrant {
  const { gatewayLimits, tokenLimits } = control.configuration;
  const limits = { run_tokens: gatewayLimits.run_tokens, task_tokens: taskTokens, ...tokenLimits };
  const { state, views } = control.log;
  const dayTokens = views.tokensSince(dayStart(new Date().toISOString()));
  return grantTokens(state, task, { limits, dayTokens });
}

/** When a run without room now checks again (milliseconds since the epoch); null if it may start, or waiting would not help. */
export function waitsForTokens(task: TaskState, control: Budgets): number | null {
  const grant = tokenGrant(task, { control, taskTokens: Number.POSITIVE_INFINITY });
  return isReserved(grant, control.configuration.gatewayLimits) ? Date.now() + waitMs : null;
}
