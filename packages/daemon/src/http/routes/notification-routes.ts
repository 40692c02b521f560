/** Tests push messages over HTTP: whether one arrives and whether replies come back. Answers 409 if no topic is configured. */
import type { Notifier } from "../../phone/notifier.ts";
import type { Handlers } from "./handler.ts";

export function notificationRoutes(notifier: Pick<Notifier, "test">): Pick<Handlers, "testNotification"> {
  return { testNotification: () => notifier.test() };
}
