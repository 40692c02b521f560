/** `aedev task reject`: rejects a change and ends its task; nothing lands. To get another change instead, send it back. */

import { changeVerb } from "../../daemon-client/changes.ts";

export const verb = changeVerb("rejectTask", {
  summary: "Reject a change that needs approval or is held; its task ends. For another change: task send-back.",
  arguments: [{ name: "<task>", summary: "its id" }],
  options: [{ flags: "--reason <text>", summary: "why, for the log and for its pull request if one is open" }],
  examples: [
    "aedev task reject t-0123456789abcdef",
    'aedev task reject t-0123456789abcdef --reason "not this quarter"',
  ],
  input: (input) => ({ params: { id: input.argument(0) }, body: { reason: input.text("reason") } }),
  text: ({ task_id, status, change_digest }) =>
    `${task_id} ${status}${change_digest === null ? "" : `, change ${change_digest}`}; the task has ended`,
});
