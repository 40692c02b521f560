/** `aedev task cancel`: stops a task for good. */
import { changeTask } from "../../session/changes.ts";
import type { Verb } from "../../verb.ts";

export const verb: Verb = {
  summary: "Cancel a task; its run is stopped.",
  arguments: [{ name: "<task>", summary: "its id" }],
  examples: ["aedev task cancel t-0123456789abcdef"],
  run: (session, input) =>
    changeTask(session, {
      id: input.argument(0),
      action: "cancel",
      text: ({ task_id, status }) => `${task_id} ${status}`,
    }),
};
