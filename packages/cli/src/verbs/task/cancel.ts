/** `aedev task cancel`: stops a task for good. */

import type { Verb } from "../../command-line/verb.ts";
import { change } from "../../daemon-client/changes.ts";

export const verb: Verb = {
  summary: "Cancel a task; its run is stopped.",
  arguments: [{ name: "<task>", summary: "its id" }],
  examples: ["aedev task cancel t-0123456789abcdef"],
  run: (session, input) =>
    change(session, "cancelTask", {
      input: { params: { id: input.argument(0) }, body: {} },
      text: ({ task_id, status }) => `${task_id} ${status}`,
    }),
};
