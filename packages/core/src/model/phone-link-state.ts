/** The state of one link that submits missions from a phone. Only its own events change it. */
import type { EventData } from "@aedev/contracts/events";

/** A link that submits missions from a phone. */
export type PhoneLinkState = EventData<"PhoneLinkMade"> & { readonly made_at: string; readonly revoked: boolean };

/** The prefix of the author of a mission that a phone submitted. */
const authorPrefix = "phone/";

/** The author of missions that come by this link. */
export function authorOfLink(linkId: string): string {
  return authorPrefix + linkId;
}

/** The link in an author's name; null: the mission does not come from a link. */
export function linkOfAuthor(author: string): string | null {
  return author.startsWith(authorPrefix) ? author.slice(authorPrefix.length) : null;
}
