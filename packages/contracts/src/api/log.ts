/** Documents about the log: a page of events, its verification, and the rebuild of its views. */
import { z } from "zod";
import { loggedEventSchema } from "./logged-event.ts";

const eventsPageMax = 1_000;

/** Which events, by position. `follow` 1: an endless stream of JSON Lines instead of a page. */
export const eventsQuerySchema = z.strictObject({
  after: z.coerce.number().int().nonnegative().default(0),
  limit: z.coerce.number().int().positive().max(eventsPageMax).default(200),
  stream: z.string().max(200).optional(),
  follow: z.enum(["0", "1"]).default("0"),
});
export const eventListSchema = z.strictObject({ events: z.array(loggedEventSchema) });

/** Whether the log is intact. Each problem starts with its position. */
export const verificationSchema = z
  .strictObject({ ok: z.boolean(), problems: z.array(z.string()) })
  .meta({ id: "Verification" });
export type Verification = z.infer<typeof verificationSchema>;

/** The last event that the rebuilt views contain. */
export const rebuiltSchema = z.strictObject({ rebuilt: z.literal(true), position: z.int(), hash: z.string() });
