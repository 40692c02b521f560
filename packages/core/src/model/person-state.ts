/** What the state keeps about persons: operators, and decisions on a mission or task. */
import type { DecisionWay } from "@aedev/contracts";
import type { EventData } from "@aedev/contracts/events";

/** An operator: a person with a token and a role. */
export type OperatorState = Omit<EventData<"OperatorAdded">, "by" | "way"> & {
  readonly added_at: string;
  readonly added_by: string;
};

/** A person's decision on a mission or task. */
export interface DecisionState {
  readonly what: string;
  readonly by: string;
  readonly way: DecisionWay;
  readonly at: string;
}

/** A link that submits missions from a phone. */
export type PhoneLinkState = EventData<"PhoneLinkMade"> & { readonly made_at: string; readonly revoked: boolean };

/** A browser in which a person is signed in. */
export type BrowserSessionState = EventData<"BrowserSessionStarted"> & { readonly started_at: string };

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
