/** An event with its columns in the log, as the API returns it. It is built from every event's schema, so only the API loads it. */
import { z } from "zod";
import { type DomainEvent, type EventType, eventSchemas, eventTypes } from "../events/event.ts";
import { instantSchema, sha256Schema } from "../ids.ts";

/** The columns beside type and data. `command_id` of a command's second and later events is `<id>#1`, `<id>#2`, …. */
const eventColumnsSchema = z.strictObject({
  position: z.int().positive(),
  stream: z.string(),
  version: z.int().positive(),
  schema: z.int().positive(),
  actor: z.string(),
  command_id: z.string(),
  correlation_id: z.string(),
  causation_id: z.string().nullable(),
  recorded_at: instantSchema,
  hash: sha256Schema,
});
type EventColumns = z.infer<typeof eventColumnsSchema>;

/** An event of the log in its current shape. */
export type LoggedEvent = DomainEvent & EventColumns;

const variant = <T extends EventType>(type: T) =>
  eventColumnsSchema.extend({ type: z.literal(type), data: eventSchemas[type] });
const [first, ...rest] = eventTypes.map(variant);
if (first === undefined) throw new Error("there is no event");
export const loggedEventSchema: z.ZodType<LoggedEvent, LoggedEvent> = z
  .discriminatedUnion("type", [first, ...rest])
  .meta({ id: "Event", description: "An event of the log in its current shape." }) as never;
