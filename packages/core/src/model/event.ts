/** Events as core reads and creates them. Their schemas are in `@aedev/contracts/events`; a stored event's schema number is checked first. */

import { type DomainEvent, type EventType, eventSchemas } from "@aedev/contracts/events";
import { requireSchema } from "./schema-number.ts";

/** An event that `decide` returns, with its stream. */
export type NewEvent = DomainEvent & { stream: string };

/** The typed event for a stored type, schema number and data. Throws on an unknown type or number, or data of another shape. */
export function parseEvent(type: string, schema: number, data: unknown): DomainEvent {
  if (!Object.hasOwn(eventSchemas, type)) throw new TypeError(`unknown event type ${type}`);
  const known = type as EventType;
  requireSchema(known, schema);
  return { type: known, data: eventSchemas[known].parse(data) } as DomainEvent;
}

/** An event as the fold needs it: with its stream and the time it was recorded. */
export type FoldedEvent = NewEvent & { recorded_at: string };
