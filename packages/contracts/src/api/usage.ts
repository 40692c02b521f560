/** Documents of what was used and what it costs, as `aedev usage` and the other clients show them. */
import { z } from "zod";
import { tokenClassesSchema } from "../usage.ts";

const count = z.int().nonnegative();

/** What was used, and what it costs at list price, in nano-dollars. */
export const usageSumSchema = tokenClassesSchema.extend({
  /** The token count that budgets use: everything except cache reads; one-hour cache writes count twice, and broken-off answers count as they were charged. */
  tokens: count,
  unfinished_tokens: count,
  requests: count,
  /** Requests that may have cost something that nobody counted, because their answer broke off or never came. */
  unfinished_requests: count,
  /** How many of the requests a subscription pays for. */
  subscription_requests: count,
  /** Runs of the coder that started, and how long the ended ones took. */
  runs: count,
  run_ms: count,
  /** The cost of everything whose price is known. */
  nano_usd: count,
  /** The part of it that a subscription covers: nobody bills it by token. */
  subscription_nano_usd: count,
  /** Requests of unknown price, by model; null: the model is not recorded. Empty: the amount is complete. */
  unknown: z.array(z.strictObject({ model: z.string().nullable(), requests: count })),
});
export type UsageSum = z.infer<typeof usageSumSchema>;

/** One group. `key` null: usage that belongs to no group, or whose group is not recorded. Grouped by mission, `canaries` and `set-up runs` have their own rows. */
export const usageRowSchema = usageSumSchema.extend({ key: z.string().nullable() });
export type UsageRow = z.infer<typeof usageRowSchema>;

/** Usage in groups. Each request belongs to exactly one group. */
const usageReportSchema = z.strictObject({
  by: z.enum(["day", "repo", "model", "mission"]),
  rows: z.array(usageRowSchema),
  total: usageSumSchema,
});
export type UsageReport = z.infer<typeof usageReportSchema>;
