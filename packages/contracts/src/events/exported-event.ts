/** An event as an export shows it; its data may be damaged. */
import { z } from "zod";

/** An event as `aedev events` and an export show it: with whatever data the log has, so that a damaged event can be seen too. */
export const exportedEventSchema = z.looseObject({
  position: z.int(),
  stream: z.string(),
  type: z.string(),
  actor: z.string(),
  recorded_at: z.string(),
  data: z.unknown(),
});
export type ExportedEvent = z.infer<typeof exportedEventSchema>;
