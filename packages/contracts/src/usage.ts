/** Tokens and requests of a run: their shape, sums, and the one figure that budgets charge. */
import { z } from "zod";

/** Tokens counted by the gateway from the stream. */
export const usageSchema = z.strictObject({
  input_tokens: z.int().nonnegative(),
  output_tokens: z.int().nonnegative(),
  cache_read_tokens: z.int().nonnegative(),
  cache_write_tokens: z.int().nonnegative(),
  requests: z.int().nonnegative(),
  /** What budgets charge on top: the reservations of answers that broke off before their final count, and one-hour cache writes a second time. Absent if zero. */
  surcharge_tokens: z.int().positive().optional(),
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

/** The one token figure that budgets charge and every client shows: everything except cache reads. */
export function tokensOf({ input_tokens, output_tokens, cache_write_tokens, surcharge_tokens = 0 }: Usage): number {
  return input_tokens + output_tokens + cache_write_tokens + surcharge_tokens;
}

/** The sum of both; it has a surcharge only if one of them has. */
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
