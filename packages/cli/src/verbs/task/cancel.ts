/** `aedev task cancel`: stops a task for good. */

import { changeVerb } from "../../daemon-client/changes.ts";

export const verb = changeVerb("cancelTask", {
  summary: "Cancel a task; its run is stopped and its pull request closed.",
  arguments: [{ name: "<task>", summary: "its id" }],
  examples: ["aedev task cancel t-0123456789abcdef"],
  input: (input) => ({ params: { id: input.argument(0) }, body: {} }),
  text: ({ task_id, status }) => `${task_id} ${status}`,
});
