/** What `decide` returns: events (none if nothing changes) or a refusal. */
import type { Refusal } from "./command.ts";
import type { NewEvent } from "./event.ts";

/** Events to append, none if nothing changes, or a refusal. */
export type Decision = { readonly kind: "events"; readonly events: readonly NewEvent[] } | Refusal;

export function events(...list: NewEvent[]): Decision {
  return { kind: "events", events: list };
}
