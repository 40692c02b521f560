/** Parses an event that a verb printed back into a domain event. */
import { type DomainEvent, type EventType, type ExportedEvent, eventSchemas } from "@aedev/contracts/events";

export type RecordedEvent = DomainEvent & { stream: string; atMs: number };

/** Throws if it is not an event of this version. */
export function recordedEvent({ type, stream, recorded_at, data }: ExportedEvent): RecordedEvent {
  if (!Object.hasOwn(eventSchemas, type)) throw new TypeError(`unknown event type ${type}`);
  const parsed = eventSchemas[type as EventType].parse(typeof data === "string" ? JSON.parse(data) : data);
  return { type, data: parsed, stream, atMs: Date.parse(recorded_at) } as RecordedEvent;
}
