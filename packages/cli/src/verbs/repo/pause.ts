/** `aedev repo pause`: pauses new runs and landings in a repository until it is resumed. */

import type { Verb } from "../../command-line/verb.ts";
import { change } from "../../daemon-client/changes.ts";

export const verb: Verb = {
  summary: "Pause new runs and landings in a repository; runs in progress continue.",
  arguments: [{ name: "<name>", summary: "its name" }],
  examples: ["aedev repo pause tool"],
  run: (session, input) =>
    change(session, "pauseRepository", {
      input: { params: { name: input.argument(0) }, body: {} },
      text: ({ name }) => `${name} is paused; next: aedev repo resume ${name}`,
    }),
};
