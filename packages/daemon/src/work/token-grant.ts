/** What a task's run may spend, by this home's configuration and log, and whether a run that is to begin waits for what others have reserved. */
import { grantTokens, isReserved, type TaskState, type TokenGrant } from "@aedev/core";
import type { Control } from "../loop/control.ts";

type Budgets = Pick<Control, "configuration"> & { readonly log: Pick<Control["log"], "state"> };

/** How long a run waits before it looks again whether those under way have left it enough. */
const waitMs = 3_000;

export function tokenGrant(
  task: TaskState,
  { control, taskTokens }: { control: Budgets; taskTokens: number },
): TokenGrant {
  const { gatewayLimits, tokenLimits } = control.configuration;
  const limits = { run_tokens: gatewayLimits.run_tokens, task_tokens: taskTokens, ...tokenLimits };
  return grantTokens(control.log.state, task, { limits, now: new Date().toISOString() });
}

/** When a run that has no room now looks again (milliseconds since the epoch); null where it may begin, or waiting would bring nothing. */
export function waitsForTokens(task: TaskState, control: Budgets): number | null {
  const grant = tokenGrant(task, { control, taskTokens: Number.POSITIVE_INFINITY });
  return isReserved(grant, control.configuration.gatewayLimits) ? Date.now() + waitMs : null;
}
