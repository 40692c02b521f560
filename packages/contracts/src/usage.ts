/** Tokens and requests of a run, of each of its models and of a judge; their sums, and the token count that budgets charge. */
import { z } from "zod";

const count = z.int().nonnegative();
/** How requests are paid: by token (`api`), or by a subscription, where a token has no price of its own. */
export const billingSchema = z.enum(["api", "subscription"]);
export type Billing = z.infer<typeof billingSchema>;

/** Tokens by the classes that vendors price. */
export const tokenClassesSchema = z.strictObject({
  input_tokens: count,
  output_tokens: count,
  cache_read_tokens: count,
  cache_write_tokens: count,
  /** The cache writes that are kept for an hour. */
  cache_write_hour_tokens: count,
});
export type TokenClasses = z.infer<typeof tokenClassesSchema>;

/** What one model of a run used. */
const modelUsageSchema = tokenClassesSchema.extend({
  model: z.string().max(200),
  billing: billingSchema,
  requests: count,
  /** Requests whose answer broke off before its final count, including requests that were repeated and are not counted above. */
  unfinished_requests: count,
  /** What budgets charge for these requests beyond the counted tokens. */
  unfinished_tokens: count,
});
export type ModelUsage = z.infer<typeof modelUsageSchema>;
/** The most models of a run: the coder's own and its small model, each paid in one way or two. */
const modelsMax = 8;

/** Tokens counted by the gateway from the stream. */
export const usageSchema = z.strictObject({
  input_tokens: count,
  output_tokens: count,
  cache_read_tokens: count,
  cache_write_tokens: count,
  requests: count,
  /** Tokens that budgets charge in addition: reservations of answers that broke off before their final count, and one-hour cache writes a second time. Absent if zero. */
  surcharge_tokens: z.int().positive().optional(),
  /** The usage of each model. Absent: nothing was used, an earlier version counted, or this is a sum of runs. */
  models: z.array(modelUsageSchema).max(modelsMax).optional(),
});
export type Usage = z.infer<typeof usageSchema>;
/** A usage of zero. */
export const noUsage: Usage = {
  input_tokens: 0,
  output_tokens: 0,
  cache_read_tokens: 0,
  cache_write_tokens: 0,
  requests: 0,
};

/** A judge's usage for one verdict. Input includes tokens that the vendor had cached, output includes reasoning, as vendors count and bill them. */
export const judgeUsageSchema = z.strictObject({
  input_tokens: count,
  output_tokens: count,
  /** The part of the input that the vendor read from its cache. Absent: none, or an earlier version counted. */
  cached_input_tokens: z.int().positive().optional(),
  /** The part of the output that was reasoning, at the price of other output. Absent: none, or the vendor does not report it. */
  reasoning_tokens: z.int().positive().optional(),
  /** Absent: no request was made, or an earlier version counted. */
  requests: z.int().positive().optional(),
  /** Requests that may have been billed although their answer had no counts. */
  uncounted_requests: z.int().positive().optional(),
  /** What budgets charge for the uncounted requests: each request's estimated input plus its longest possible answer. Absent: there were none, or an earlier version made no estimate. */
  uncounted_tokens: z.int().positive().optional(),
});
export type JudgeUsage = z.infer<typeof judgeUsageSchema>;

/** The token count that budgets charge and every client shows: everything except cache reads. */
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

/** The sum of two usages and of all their models. It has a surcharge only if one of them has. */
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

/** The sum of two usages of judges. */
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
