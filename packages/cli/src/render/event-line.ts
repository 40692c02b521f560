/** An event of the log as one line for a person. */
import { escapeLine } from "@aedev/core";
import { z } from "zod";

/** What a line shows of a stored event; `data` is canonical JSON text or the value itself. */
export const shownEventSchema = z.looseObject({
  position: z.int(),
  stream: z.string(),
  type: z.string(),
  actor: z.string(),
  recorded_at: z.string(),
  data: z.unknown(),
});
export type ShownEvent = z.infer<typeof shownEventSchema>;

export function eventLine({ position, recorded_at, stream, type, actor, data }: ShownEvent): string {
  const text = typeof data === "string" ? data : (JSON.stringify(data) ?? "");
  return `${position}  ${recorded_at}  ${stream}  ${type}  ${actor}  ${escapeLine(text, 160)}`;
}
