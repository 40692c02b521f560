/** The push messages that an entity keeps. */
import type { EventData } from "@aedev/contracts/events";

/** A push message that was sent or folded. Equal messages have the same `key`. */
export type PushState = EventData<"PushSent"> & { readonly at: string };
/** The most pushes kept for one mission or task. Pending messages are about the present, so the newest pushes suffice. */
const pushesKeptMax = 20;

export function withPush(
  pushes: readonly PushState[],
  event: { data: Omit<PushState, "at">; recorded_at: string },
): readonly PushState[] {
  return [...pushes, { ...event.data, at: event.recorded_at }].slice(-pushesKeptMax);
}
