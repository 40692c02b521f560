/** Push messages over HTTP: try whether one arrives and what comes back. A Fault, and so 409, if no topic is configured. */
import type { Notifier } from "../../phone/notifier.ts";
import type { Handlers } from "./handler.ts";

export function notificationRoutes(notifier: Pick<Notifier, "test">): Pick<Handlers, "testNotification"> {
  return { testNotification: () => notifier.test() };
}
