/** `aedev repo resume`: resumes runs and landings in a paused repository. */

import type { Verb } from "../../command-line/verb.ts";
import { change } from "../../daemon-client/changes.ts";

export const verb: Verb = {
  summary: "Resume runs and landings in a paused repository.",
  arguments: [{ name: "<name>", summary: "its name" }],
  examples: ["aedev repo resume tool"],
  run: (session, input) =>
    change(session, "resumeRepository", {
      input: { params: { name: input.argument(0) }, body: {} },
      text: ({ name }) => `${name} is not paused`,
    }),
};
