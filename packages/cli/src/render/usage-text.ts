/** The cost of runs as text: the same total in every view, and the total that budgets charge. This file counts nothing itself. */

import { counted, roundedText, tokensOf, tokensText, type Usage } from "@aedev/contracts";

/** `1,240 tokens (1,000 in, 240 out), 3 requests`. Everything except output counts as input, including cache writes and surcharges. */
export function usageText(usage: Usage): string {
  const tokens = tokensOf(usage);
  return `${tokensText(tokens)} (${roundedText(tokens - usage.output_tokens)} in, ${roundedText(usage.output_tokens)} out), ${counted(usage.requests, "request")}`;
}
