/** Why the gateway, or whoever watches a run, wants it to end. */
import { holdCodeSchema, type Stuck, stuckSchema, stuckText } from "@aedev/contracts";
import { z } from "zod";

export const runEndingSchema = z.strictObject({
  code: holdCodeSchema,
  detail: z.string().nullable(),
  /** ISO 8601 UTC; null: not automatically. */
  resumesAt: z.string().nullable(),
  /** What was seen of a run that no longer got on. */
  stuck: stuckSchema.optional(),
});
export type RunEnding = z.infer<typeof runEndingSchema>;

export function stuckEnding(stuck: Stuck): RunEnding {
  return { code: "HOLD-NO-PROGRESS", detail: stuckText(stuck), resumesAt: null, stuck };
}
