/** The events of the system's stream that have files of their own, as one table. */
import { judgeEvents } from "./judge-events.ts";
import { operatorEvents } from "./operator-events.ts";
import { phoneEvents } from "./phone-events.ts";
import { setUpEvents } from "./set-up-events.ts";
import { webhookEvents } from "./webhook-events.ts";

export const systemEvents = { ...operatorEvents, ...setUpEvents, ...phoneEvents, ...webhookEvents, ...judgeEvents };
