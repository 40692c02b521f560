/** The section `retention` of the configuration: how long and how much is kept of data that nobody needs. */
import { durationMsSchema, sizeBytesSchema } from "@aedev/contracts";
import { z } from "zod";

const dayMs = 86_400_000;
const daysSchema = durationMsSchema.refine((ms) => ms >= dayMs, "must be at least 1d").nullable();

export const retentionSchema = z.strictObject({
  every: durationMsSchema.refine((ms) => ms >= 3_600_000 && ms <= 30 * dayMs, "must be 1h to 30d").nullable(),
  blobs: daysSchema,
  prepared: daysSchema,
  prepared_size: sizeBytesSchema.nullable(),
  logs: daysSchema,
});

/** In milliseconds and bytes; null: kept for ever, or without a size limit. */
export function retentionOf({ every, blobs, prepared, prepared_size, logs }: z.infer<typeof retentionSchema>) {
  return { everyMs: every, blobsMs: blobs, preparedMs: prepared, preparedBytesMax: prepared_size, logsMs: logs };
}
