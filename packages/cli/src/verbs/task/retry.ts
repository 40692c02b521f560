/** `aedev task retry`: starts the coder afresh; the old runs stay in the log. */
import { changeTask } from "../../session/changes.ts";
import type { Verb } from "../../verb.ts";

export const verb: Verb = {
  summary: "Start a new run of a held, asked or rejected task.",
  arguments: [{ name: "<task>", summary: "its id" }],
  examples: ["aedev task retry t-0123456789abcdef"],
  run: (session, input) =>
    changeTask(session, {
      id: input.argument(0),
      action: "retry",
      text: ({ task_id, status }) => `${task_id} ${status}\nnext: aedev task logs ${task_id} --follow`,
    }),
};
