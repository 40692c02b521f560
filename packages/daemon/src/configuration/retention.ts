/** The section `retention` of the configuration: how long what nobody needs stays. */
import { durationMsSchema } from "@aedev/contracts";
import { z } from "zod";

const dayMs = 86_400_000;
const daysSchema = durationMsSchema.refine((ms) => ms >= dayMs, "must be at least 1d").nullable();

export const retentionSchema = z.strictObject({
  every: durationMsSchema.refine((ms) => ms >= 3_600_000 && ms <= 30 * dayMs, "must be 1h to 30d").nullable(),
  blobs: daysSchema,
  prepared: daysSchema,
  logs: daysSchema,
});

/** In milliseconds; null: never. */
export function retentionOf({ every, blobs, prepared, logs }: z.infer<typeof retentionSchema>) {
  return { everyMs: every, blobsMs: blobs, preparedMs: prepared, logsMs: logs };
}
