/** What waits for a person, for clients that decide about it at once. */
import { landingPlaceText } from "@aedev/contracts";
import { inboxItems } from "@aedev/core";
import type { Records, WriteRules } from "../../control/parts.ts";
import { landingPlace } from "../../control/permitted-writes.ts";
import type { Handlers } from "./handler.ts";

const itemsMax = 200;

export function inboxRoutes(control: Records & WriteRules) {
  return {
    showInbox: async () => ({
      position: control.log.head.position,
      ...inboxItems(control.log.state, {
        limit: itemsMax,
        placeOf(task) {
          const place = landingPlace(task, control);
          return landingPlaceText(place, place.remote);
        },
      }),
    }),
  } satisfies Partial<Handlers>;
}
