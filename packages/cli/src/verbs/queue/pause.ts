/** `aedev queue pause`: pauses landings in a repository until they are resumed; runs continue. */

import { changeVerb } from "../../daemon-client/changes.ts";

export const verb = changeVerb("pauseLandings", {
  summary: "Pause landings in a repository; runs go on, and so does a push that is under way.",
  arguments: [{ name: "<repository>", summary: "its name" }],
  examples: ["aedev queue pause shop"],
  input: (input) => ({ params: { name: input.argument(0) }, body: {} }),
  text: ({ name }) => `landings in ${name} are paused; next: aedev queue resume ${name}`,
});
