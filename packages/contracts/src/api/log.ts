/** Documents about the log: a page of events, its verification, and the rebuild of its views. */
import { z } from "zod";
import { sha256Schema } from "../ids.ts";
import { loggedEventSchema } from "./logged-event.ts";

const eventsPageMax = 1_000;

/** Selects events by position. `follow` 1: an endless stream of JSON Lines instead of a page. */
export const eventsQuerySchema = z.strictObject({
  after: z.coerce.number().int().nonnegative().default(0),
  limit: z.coerce.number().int().positive().max(eventsPageMax).default(200),
  stream: z.string().max(200).optional(),
  follow: z.enum(["0", "1"]).default("0"),
});
export const eventListSchema = z.strictObject({ events: z.array(loggedEventSchema) });

/** Whether the log is intact. Each problem starts with its position. `warnings`: findings that do not make the log wrong, such as a missing trigger. */
export const verificationSchema = z
  .strictObject({ ok: z.boolean(), problems: z.array(z.string()), warnings: z.array(z.string()) })
  .meta({ id: "Verification" });
export type Verification = z.infer<typeof verificationSchema>;

/** The last event that the rebuilt views contain. */
export const rebuiltSchema = z.strictObject({ rebuilt: z.literal(true), position: z.int(), hash: z.string() });

/** A person's acceptance of a log that is not trusted: its last event, and why they accept it. */
export const acceptanceSchema = z.strictObject({
  position: z.int().positive(),
  hash: sha256Schema,
  reason: z.string().trim().min(1).max(500),
});
/** The event that records the acceptance. It voids every approval of an earlier epoch. */
export const acceptedSchema = z
  .strictObject({ accepted: z.literal(true), position: z.int(), hash: z.string(), epoch: z.int() })
  .meta({ id: "AcceptedLog" });
