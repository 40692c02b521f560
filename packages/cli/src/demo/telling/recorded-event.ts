/** An event of the log as the verbs print it, parsed back to what core knows. */
import { type DomainEvent, parseEvent, schemaNumberOf } from "@aedev/core";
import type { ShownEvent } from "../../render/event-line.ts";

export type RecordedEvent = DomainEvent & { stream: string; atMs: number };

/** Throws where the text is not an event of this version. */
export function recordedEvent({ type, stream, recorded_at, data }: ShownEvent): RecordedEvent {
  const event = parseEvent(type, schemaNumberOf(type), typeof data === "string" ? JSON.parse(data) : data);
  return { ...event, stream, atMs: Date.parse(recorded_at) };
}
