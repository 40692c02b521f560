/** An event as an export shows it, whose data may be damaged. */
import { z } from "zod";

/** An event as `aedev events` and an export show it: whatever the log holds, so that a damaged one can be seen too. */
export const exportedEventSchema = z.looseObject({
  position: z.int(),
  stream: z.string(),
  type: z.string(),
  actor: z.string(),
  recorded_at: z.string(),
  data: z.unknown(),
});
export type ExportedEvent = z.infer<typeof exportedEventSchema>;
