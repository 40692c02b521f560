/** Why the gateway or another watcher of a run wants it to end. */
import { holdCodeSchema, type Stuck, stuckSchema, stuckText } from "@aedev/contracts";
import { z } from "zod";

export const runEndingSchema = z.strictObject({
  code: holdCodeSchema,
  detail: z.string().nullable(),
  /** When the run may continue (ISO 8601 UTC); null if it does not by itself. */
  resumesAt: z.string().nullable(),
  /** What showed that the run was stuck. */
  stuck: stuckSchema.optional(),
});
export type RunEnding = z.infer<typeof runEndingSchema>;

export function stuckEnding(stuck: Stuck): RunEnding {
  return { code: "HOLD-NO-PROGRESS", detail: stuckText(stuck), resumesAt: null, stuck };
}
