/** One table of the events of the system's stream that have their own files. */
import { homeEvents } from "./home-events.ts";
import { judgeEvents } from "./judge-events.ts";
import { operatorEvents } from "./operator-events.ts";
import { phoneEvents } from "./phone-events.ts";
import { setUpEvents } from "./set-up-events.ts";
import { webhookEvents } from "./webhook-events.ts";

export const systemEvents = {
  ...homeEvents,
  ...operatorEvents,
  ...setUpEvents,
  ...phoneEvents,
  ...webhookEvents,
  ...judgeEvents,
};
