/** Sums of charges with their cost at list price. Amounts are whole nano-dollars. Usage without a known price is named, and never counted as zero. */

import { dearestNanoDollars, nanoDollarsOf } from "@aedev/contracts";
import type { UsageReport, UsageRow, UsageSum } from "@aedev/contracts/api";
import { type Charge, tokensCharged } from "./charge.ts";
import { type PriceList, priceOf } from "./price-list.ts";

/** The cost of a charge at list price; null: the price is not known. */
function costOf(charge: Charge, prices: PriceList): number | null {
  if (charge.model === null) return isAsked(charge) ? null : 0;
  const price = priceOf(prices, charge.model);
  return price === undefined ? null : nanoDollarsOf(charge, price);
}

function isAsked(charge: Charge): boolean {
  return tokensCharged(charge) + charge.cache_read_tokens + charge.requests + charge.unfinished_requests > 0;
}

/** The sum of charges. */
export function sumUsage(charges: readonly Charge[], prices: PriceList): UsageSum {
  const sum = { ...emptySum };
  const unknown = new Map<string | null, number>();
  for (const charge of charges) {
    sum.tokens += tokensCharged(charge);
    for (const key of counts) sum[key] += charge[key];
    const cost = costOf(charge, prices);
    sum.nano_usd += cost ?? 0;
    if (charge.billing === "subscription") sum.subscription_nano_usd += cost ?? 0;
    if (charge.billing === "subscription") sum.subscription_requests += charge.requests;
    if (cost === null) {
      const requests = Math.max(1, charge.requests, charge.unfinished_requests);
      unknown.set(charge.model, (unknown.get(charge.model) ?? 0) + requests);
    }
  }
  const sorted = [...unknown].toSorted(([one], [other]) => ((one ?? "") < (other ?? "") ? -1 : 1));
  return { ...sum, unknown: sorted.map(([model, requests]) => ({ model, requests })) };
}

const counts = [
  "input_tokens",
  "output_tokens",
  "cache_read_tokens",
  "cache_write_tokens",
  "cache_write_hour_tokens",
  "unfinished_tokens",
  "requests",
  "unfinished_requests",
  "runs",
  "run_ms",
] as const;
const emptySum = {
  tokens: 0,
  input_tokens: 0,
  output_tokens: 0,
  cache_read_tokens: 0,
  cache_write_tokens: 0,
  cache_write_hour_tokens: 0,
  unfinished_tokens: 0,
  requests: 0,
  unfinished_requests: 0,
  subscription_requests: 0,
  runs: 0,
  run_ms: 0,
  nano_usd: 0,
  subscription_nano_usd: 0,
};

/** The use of a dollar budget: the list price, plus the highest possible cost of requests that nobody counted. */
export interface ChargedDollars {
  readonly nanoDollars: number;
  /** Models without a known price; null stands for requests whose model is not recorded. Empty: the amount is complete. */
  readonly unknown: readonly (string | null)[];
}

/** What a dollar budget charges for these charges. */
export function chargedDollars(charges: readonly Charge[], prices: PriceList): ChargedDollars {
  const { nano_usd, unknown } = sumUsage(charges, prices);
  const lost = charges.map(({ model, unfinished_tokens }) => {
    const price = model === null ? undefined : priceOf(prices, model);
    return price === undefined ? 0 : dearestNanoDollars(unfinished_tokens, price);
  });
  const nanoDollars = lost.reduce((sum, one) => sum + one, nano_usd);
  return { nanoDollars, unknown: unknown.map(({ model }) => model) };
}

/** What a report is grouped by. */
export type UsageGrouping = UsageReport["by"];

/** The rows of usage that belongs to no mission. */
const ofNoMission: Readonly<Partial<Record<Charge["kind"], string>>> = { canary: "canaries", "set-up": "set-up runs" };

/** Each charge is in one row. `dayOf`: the local date of an instant. */
export function usageReport(
  charges: readonly Charge[],
  { by, prices, dayOf }: { by: UsageGrouping; prices: PriceList; dayOf: (instant: string) => string },
): UsageReport {
  const keyOf: Record<UsageGrouping, (charge: Charge) => string | null> = {
    day: ({ at }) => dayOf(at),
    repo: ({ repository }) => repository,
    mission: ({ mission_id, kind }) => mission_id ?? ofNoMission[kind] ?? null,
    model: ({ model }) => model,
  };
  return { by, rows: usageRows(charges, prices, keyOf[by]), total: sumUsage(charges, prices) };
}

/** The sums of groups of charges, by key. */
export function usageRows(
  charges: readonly Charge[],
  prices: PriceList,
  keyOf: (charge: Charge) => string | null,
): UsageRow[] {
  return [...Map.groupBy(charges, keyOf)]
    .toSorted(([one], [other]) => ((one ?? "") < (other ?? "") ? -1 : 1))
    .map(([key, group]) => ({ key, ...sumUsage(group, prices) }));
}
