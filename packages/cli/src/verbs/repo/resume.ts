/** `aedev repo resume`: runs and landings begin in a paused repository again. */
import { changeRepository } from "../../session/repository-change.ts";
import type { Verb } from "../../verb.ts";

export const verb: Verb = {
  summary: "Let runs and landings begin in a paused repository again.",
  arguments: [{ name: "<name>", summary: "its name" }],
  examples: ["aedev repo resume tool"],
  run: (session, input) =>
    changeRepository(session, {
      name: input.argument(0),
      action: "resume",
      text: ({ name }) => `${name} is not paused`,
    }),
};
