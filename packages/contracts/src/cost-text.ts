/** The cost of a sum of usage, as a person reads it. An incomplete amount says so, and names what is missing. */
import type { UsageSum } from "./api/usage.ts";
import { counted, tokensText } from "./figures.ts";
import { dollarsText } from "./price.ts";
import { escapeLine } from "./safe-text.ts";

type Cost = Pick<
  UsageSum,
  "nano_usd" | "subscription_nano_usd" | "subscription_requests" | "unfinished_requests" | "unknown" | "requests"
>;

/** `$1.20`, `$1.20 at list price (12 requests on a subscription)`, `$1.20 at list price, $0.40 of it on a subscription (3 requests)`, `at least $1.20; 2 requests of unknown price (model x)`. */
export function costText(sum: Cost): string {
  const { nano_usd, subscription_nano_usd, subscription_requests, unfinished_requests, unknown } = sum;
  const whole = dollarsText(nano_usd);
  const subscribed = counted(subscription_requests, "request");
  const amount =
    subscription_requests === 0
      ? whole
      : nano_usd === subscription_nano_usd
        ? `${whole} at list price (${subscribed} on a subscription)`
        : `${whole} at list price, ${dollarsText(subscription_nano_usd)} of it on a subscription (${subscribed})`;
  const missing = [
    ...unknown.map(({ model, requests }) => {
      const which = model === null ? "model not recorded" : `model ${escapeLine(model, 100)}`;
      return `${counted(requests, "request")} of unknown price (${which})`;
    }),
    ...(unfinished_requests === 0 ? [] : [`${counted(unfinished_requests, "request")} without a final count`]),
  ];
  if (missing.length === 0) return amount;
  if (nano_usd === 0) return ["unknown", ...missing].join("; ");
  return [`at least ${amount}`, ...missing].join("; ");
}

/** `3 runs, 1,240 tokens, 12 requests`. */
export function usedText({ runs, tokens, requests }: Pick<UsageSum, "runs" | "tokens" | "requests">): string {
  const ofRuns = runs === 0 ? [] : [counted(runs, "run")];
  return [...ofRuns, tokensText(tokens), counted(requests, "request")].join(", ");
}
