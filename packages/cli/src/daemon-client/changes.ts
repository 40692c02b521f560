/** The changing verbs on one mission, task or repository, which are all alike: one call, and the new document back. */
import type { RouteAnswer, RouteInput, RouteName } from "@aedev/contracts/api";
import { type Answer, done } from "../command-line/answer.ts";
import type { Session } from "../terminal/session.ts";
import { call } from "./daemon-link.ts";

/** Calls a route and answers with its document; `text` says it to a person. */
export async function change<K extends RouteName>(
  session: Session,
  name: K,
  given: { readonly input: RouteInput<K>; readonly text: (changed: RouteAnswer<K>) => string },
): Promise<Answer> {
  const answer = await call(session, name, given.input);
  return answer.kind === "refused" ? answer : done(answer.document, given.text(answer.document));
}
