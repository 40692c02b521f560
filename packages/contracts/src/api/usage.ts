/** Documents of what was used and what it costs, as `aedev usage` and the other clients show them. */
import { z } from "zod";
import { tokenClassesSchema } from "../usage.ts";

const count = z.int().nonnegative();

/** What was used, and what it costs at list price, in nano-dollars. */
export const usageSumSchema = tokenClassesSchema.extend({
  /** The one token figure: everything except cache reads, one-hour cache writes twice, and what broke off as it was charged. */
  tokens: count,
  unfinished_tokens: count,
  requests: count,
  /** Requests that may have cost something that nobody counted: their answer broke off, or did not come. */
  unfinished_requests: count,
  /** Of the requests, those that a subscription pays. */
  subscription_requests: count,
  /** Runs of the coder that started, and how long the ended ones took. */
  runs: count,
  run_ms: count,
  /** All that has a known price. */
  nano_usd: count,
  /** Of that, what a subscription pays: nobody bills it by token. */
  subscription_nano_usd: count,
  /** Requests of unknown price, by model; null: the model is not recorded. Empty: the amount is whole. */
  unknown: z.array(z.strictObject({ model: z.string().nullable(), requests: count })),
});
export type UsageSum = z.infer<typeof usageSumSchema>;

/** One group; `key` null: what belongs to none, or is not recorded. By mission, `canaries` and `set-up runs` have rows of their own. */
const usageRowSchema = usageSumSchema.extend({ key: z.string().nullable() });
export type UsageRow = z.infer<typeof usageRowSchema>;

/** What was used, in groups of which each request is in one. */
const usageReportSchema = z.strictObject({
  by: z.enum(["day", "repo", "model", "mission"]),
  rows: z.array(usageRowSchema),
  total: usageSumSchema,
});
export type UsageReport = z.infer<typeof usageReportSchema>;
