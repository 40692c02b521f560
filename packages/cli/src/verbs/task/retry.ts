/** `aedev task retry`: starts a new run of the coder; earlier runs stay in the log. */

import { changeVerb } from "../../daemon-client/changes.ts";

export const verb = changeVerb("retryTask", {
  summary: "Start a new run of a task that is held, rejected or needs approval.",
  arguments: [{ name: "<task>", summary: "its id" }],
  examples: ["aedev task retry t-0123456789abcdef"],
  input: (input) => ({ params: { id: input.argument(0) }, body: {} }),
  text: ({ task_id, status }) => `${task_id} ${status}\nnext: aedev task logs ${task_id} --follow`,
});
