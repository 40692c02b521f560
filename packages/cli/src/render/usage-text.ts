/** How a person reads what runs cost: one figure, the same in every view and the one that budgets charge. It counts nothing itself. */

import { counted, tokensOf, type Usage } from "@aedev/contracts";

/** `1240 tokens (1000 in, 240 out), 3 requests`: what is no output went in, cache writes and surcharges included. */
export function usageText(usage: Usage): string {
  const tokens = tokensOf(usage);
  return `${counted(tokens, "token")} (${tokens - usage.output_tokens} in, ${usage.output_tokens} out), ${counted(usage.requests, "request")}`;
}
