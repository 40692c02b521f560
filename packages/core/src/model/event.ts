/** Events as core reads and creates them. Their schemas are in `@aedev/contracts/events`; a stored event's schema number is checked first. */

import { type DomainEvent, type EventType, eventSchemas } from "@aedev/contracts/events";
import { z } from "zod";
import { requireSchema } from "./schema-number.ts";

/** An event that `decide` returns, with its stream. */
export type NewEvent = DomainEvent & { stream: string };

/** The typed event for a stored type, schema number and data. Throws on an unknown type or number, or data of another shape. */
export function parseEvent(type: string, schema: number, data: unknown): DomainEvent {
  if (!Object.hasOwn(eventSchemas, type)) throw new TypeError(`unknown event type ${type}`);
  const known = type as EventType;
  requireSchema(known, schema);
  return { type: known, data: schemaOf(known).parse(data) } as DomainEvent;
}

/** Compiling a schema takes a millisecond or two, so a program that reads few events is faster without. */
const parsesBeforeCompiling = 100;
const parses = new Map<EventType, number>();
const compiled = new Map<EventType, z.ZodType>();

/** The schema of the type. After many events it is replaced by a compiled schema that checks the same several times as fast. */
function schemaOf(type: EventType): z.ZodType {
  const known = compiled.get(type);
  if (known !== undefined) return known;
  const schema = eventSchemas[type];
  const count = (parses.get(type) ?? 0) + 1;
  parses.set(type, count);
  if (count > parsesBeforeCompiling) compiled.set(type, z.compile(schema as z.ZodType));
  return schema;
}

/** An event with its stream and the time when it was recorded, as the fold needs it. */
export type FoldedEvent = NewEvent & { recorded_at: string };
