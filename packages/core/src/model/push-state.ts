/** The push messages that an entity remembers. */
import type { EventData } from "@aedev/contracts/events";

/** A push message that was sent or folded; `key` is what equal messages share. */
export type PushState = EventData<"PushSent"> & { readonly at: string };
/** How many pushes of one mission or task are kept. Pending messages are about the present, so the newest suffice. */
const pushesKeptMax = 20;

export function withPush(
  pushes: readonly PushState[],
  event: { data: Omit<PushState, "at">; recorded_at: string },
): readonly PushState[] {
  return [...pushes, { ...event.data, at: event.recorded_at }].slice(-pushesKeptMax);
}
