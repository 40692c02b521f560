/** An event of the log as one line for a person. */
import { escapeLine, localSecond } from "@aedev/contracts";
import type { ExportedEvent } from "@aedev/contracts/events";
import { jsonLine } from "./json-text.ts";

export function eventLine({ position, recorded_at, stream, type, actor, data }: ExportedEvent): string {
  const text = typeof data === "string" ? data : jsonLine(data);
  return `${position}  ${localSecond(recorded_at)}  ${stream}  ${type}  ${actor}  ${escapeLine(text, 160)}`;
}
