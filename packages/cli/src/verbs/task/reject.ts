/** `aedev task reject`: rejects a change. With a reason, the reason is added to the specification, its new digest is printed and a new run starts; without one the task ends. */

import type { Verb } from "../../command-line/verb.ts";
import { change } from "../../daemon-client/changes.ts";

export const verb: Verb = {
  summary: "Reject a change that needs approval or is held, or send it back with instructions.",
  arguments: [{ name: "<task>", summary: "its id" }],
  options: [
    {
      flags: "--reason <text>",
      summary: "what to change: starts a new run with this text in its specification",
    },
  ],
  examples: [
    'aedev task reject t-0123456789abcdef --reason "use the existing helper"',
    "aedev task reject t-0123456789abcdef",
  ],
  run(session, input) {
    const words = input.text("reason");
    return change(session, "rejectTask", {
      input: { params: { id: input.argument(0) }, body: { reason: words } },
      text: ({ task_id, status, change_digest, spec_digest }) =>
        words === undefined
          ? `${task_id} ${status}${change_digest === null ? "" : `, change ${change_digest}`}`
          : `${task_id} sent back, specification ${spec_digest}\nnext: aedev task logs ${task_id} --follow`,
    });
  },
};
