/** Verbs that change one mission, task or repository. Each makes one call, which returns the new document. */
import type { RouteAnswer, RouteInput, RouteName } from "@aedev/contracts/api";
import { type Answer, done } from "../command-line/answer.ts";
import type { Verb, VerbInput } from "../command-line/verb.ts";
import type { Session } from "../terminal/session.ts";
import { call } from "./daemon-link.ts";

/** A verb that changes the thing that its argument names, and confirms it. `input`: what its call sends. */
export function changeVerb<K extends RouteName>(
  name: K,
  described: Omit<Verb, "run"> & {
    readonly input: (input: VerbInput) => RouteInput<K>;
    readonly text: (changed: RouteAnswer<K>) => string;
  },
): Verb {
  const { input: inputOf, text, ...verb } = described;
  return { ...verb, run: (session, input) => change(session, name, { input: inputOf(input), text }) };
}

/** Calls a route and returns its document; `text` renders it for a person. */
export async function change<K extends RouteName>(
  session: Session,
  name: K,
  given: { readonly input: RouteInput<K>; readonly text: (changed: RouteAnswer<K>) => string },
): Promise<Answer> {
  const answer = await call(session, name, given.input);
  return answer.kind === "refused" ? answer : done(answer.document, given.text(answer.document));
}
