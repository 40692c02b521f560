/** The cost of runs as text: the same total in every view, and the total that budgets charge. This file counts nothing itself. */

import { counted, tokensOf, type Usage } from "@aedev/contracts";

/** `1240 tokens (1000 in, 240 out), 3 requests`. Everything except output counts as input, including cache writes and surcharges. */
export function usageText(usage: Usage): string {
  const tokens = tokensOf(usage);
  return `${counted(tokens, "token")} (${tokens - usage.output_tokens} in, ${usage.output_tokens} out), ${counted(usage.requests, "request")}`;
}
