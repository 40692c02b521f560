/** Tokens and requests: of a run, of each of its models, of a judge; their sums, and the one figure that budgets charge. */
import { z } from "zod";

const count = z.int().nonnegative();
/** How requests are paid: by token (`api`), or by a subscription, where a token has no price of its own. */
export const billingSchema = z.enum(["api", "subscription"]);
/** How requests are paid. */
export type Billing = z.infer<typeof billingSchema>;

/** Tokens by the classes that vendors price. */
export const tokenClassesSchema = z.strictObject({
  input_tokens: count,
  output_tokens: count,
  cache_read_tokens: count,
  /** All cache writes. */
  cache_write_tokens: count,
  /** Of those, the ones that are kept for an hour. */
  cache_write_hour_tokens: count,
});
/** Tokens by the classes that vendors price. */
export type TokenClasses = z.infer<typeof tokenClassesSchema>;

/** What one model of a run used. */
const modelUsageSchema = tokenClassesSchema.extend({
  model: z.string().max(200),
  billing: billingSchema,
  requests: count,
  /** Requests whose answer broke off before its final count, also those that were made again and are not counted above. */
  unfinished_requests: count,
  /** What budgets charge for them beyond what was counted. */
  unfinished_tokens: count,
});
/** What one model of a run used. */
export type ModelUsage = z.infer<typeof modelUsageSchema>;
/** Models of one run: the coder's own and its small one, each paid in one way or two. */
const modelsMax = 8;

/** Tokens counted by the gateway from the stream. */
export const usageSchema = z.strictObject({
  input_tokens: count,
  output_tokens: count,
  cache_read_tokens: count,
  cache_write_tokens: count,
  requests: count,
  /** What budgets charge on top: the reservations of answers that broke off before their final count, and one-hour cache writes a second time. Absent if zero. */
  surcharge_tokens: z.int().positive().optional(),
  /** The same by model. Absent: nothing was used, an earlier version counted, or it is a sum of runs. */
  models: z.array(modelUsageSchema).max(modelsMax).optional(),
});
export type Usage = z.infer<typeof usageSchema>;
/** The start of a sum: nothing used. */
export const noUsage: Usage = {
  input_tokens: 0,
  output_tokens: 0,
  cache_read_tokens: 0,
  cache_write_tokens: 0,
  requests: 0,
};

/** What a judge used for one verdict. Input includes what its vendor had cached, output includes reasoning, as vendors count and bill them. */
export const judgeUsageSchema = z.strictObject({
  input_tokens: count,
  output_tokens: count,
  /** Of the input, what the vendor read from its cache. Absent: nothing, or an earlier version counted. */
  cached_input_tokens: z.int().positive().optional(),
  /** Of the output, what was reasoning; it costs what other output costs. Absent: nothing, or the vendor does not say. */
  reasoning_tokens: z.int().positive().optional(),
  /** Absent: nothing was requested, or an earlier version counted. */
  requests: z.int().positive().optional(),
  /** Of those, the ones that may have been billed and whose answer had no counts. */
  uncounted_requests: z.int().positive().optional(),
  /** What budgets charge for those: each one's estimated input plus its longest answer. Absent: there was none, or an earlier version estimated nothing. */
  uncounted_tokens: z.int().positive().optional(),
});
/** What a judge used for one verdict. */
export type JudgeUsage = z.infer<typeof judgeUsageSchema>;

/** The one token figure that budgets charge and every client shows: everything except cache reads. */
export function tokensOf({
  input_tokens,
  output_tokens,
  cache_write_tokens,
  surcharge_tokens = 0,
}: Omit<Usage, "requests" | "cache_read_tokens">): number {
  return input_tokens + output_tokens + cache_write_tokens + surcharge_tokens;
}

/** Whether anything was requested or charged. */
export function hasUsage({ requests, input_tokens, surcharge_tokens }: Usage): boolean {
  return requests > 0 || input_tokens > 0 || (surcharge_tokens ?? 0) > 0;
}

/** The sum of both, of all their models together; it has a surcharge only if one of them has. */
export function addUsage(one: Usage, other: Usage): Usage {
  const surcharge = (one.surcharge_tokens ?? 0) + (other.surcharge_tokens ?? 0);
  return {
    input_tokens: one.input_tokens + other.input_tokens,
    output_tokens: one.output_tokens + other.output_tokens,
    cache_read_tokens: one.cache_read_tokens + other.cache_read_tokens,
    cache_write_tokens: one.cache_write_tokens + other.cache_write_tokens,
    requests: one.requests + other.requests,
    ...(surcharge === 0 ? {} : { surcharge_tokens: surcharge }),
  };
}

/** The sum of both. */
export function addJudgeUsage(one: JudgeUsage, other: JudgeUsage): JudgeUsage {
  const sum = (
    key: "cached_input_tokens" | "reasoning_tokens" | "requests" | "uncounted_requests" | "uncounted_tokens",
  ) => {
    const both = (one[key] ?? 0) + (other[key] ?? 0);
    return both === 0 ? {} : { [key]: both };
  };
  return {
    input_tokens: one.input_tokens + other.input_tokens,
    output_tokens: one.output_tokens + other.output_tokens,
    ...sum("cached_input_tokens"),
    ...sum("reasoning_tokens"),
    ...sum("requests"),
    ...sum("uncounted_requests"),
    ...sum("uncounted_tokens"),
  };
}
