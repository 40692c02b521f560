/** `aedev repo pause`: pauses new runs and landings in a repository until it is resumed. */

import { changeVerb } from "../../daemon-client/changes.ts";

export const verb = changeVerb("pauseRepository", {
  summary: "Pause new runs and landings in a repository; runs in progress continue.",
  arguments: [{ name: "<name>", summary: "its name" }],
  examples: ["aedev repo pause tool"],
  input: (input) => ({ params: { name: input.argument(0) }, body: {} }),
  text: ({ name }) => `${name} is paused; next: aedev repo resume ${name}`,
});
