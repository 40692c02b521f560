/** The state of one link that submits missions from a phone. Only its own events change it. */
import type { EventData } from "@aedev/contracts/events";

/** A link that submits missions from a phone. */
export type PhoneLinkState = EventData<"PhoneLinkMade"> & { readonly made_at: string; readonly revoked: boolean };
