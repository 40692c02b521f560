/** What `decide` answers: events, none where nothing changes, or a refusal. */
import type { Refusal } from "./command.ts";
import type { NewEvent } from "./event.ts";

export type Decision = { readonly kind: "events"; readonly events: readonly NewEvent[] } | Refusal;

export function events(...list: NewEvent[]): Decision {
  return { kind: "events", events: list };
}
