/** `aedev repo pause`: no run and no landing begins in a repository until it is resumed. */
import { changeRepository } from "../../session/repository-change.ts";
import type { Verb } from "../../verb.ts";

export const verb: Verb = {
  summary: "Begin no run and no landing in a repository until it is resumed; what has begun goes on.",
  arguments: [{ name: "<name>", summary: "its name" }],
  examples: ["aedev repo pause tool"],
  run: (session, input) =>
    changeRepository(session, {
      name: input.argument(0),
      action: "pause",
      text: ({ name }) => `${name} is paused; next: aedev repo resume ${name}`,
    }),
};
