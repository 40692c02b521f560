/** `aedev task reject`: the change must not land. With words it is sent back: they join the specification, whose new digest is printed, and the coder starts anew; without words it is over. */
import { changeTask } from "../../session/changes.ts";
import type { Verb } from "../../verb.ts";

export const verb: Verb = {
  summary: "Reject an asked or held change for good, or send it back with words.",
  arguments: [{ name: "<task>", summary: "its id" }],
  options: [
    {
      flags: "--reason <text>",
      summary: "what to do another way: starts a new run with these words in its specification",
    },
  ],
  examples: [
    'aedev task reject t-0123456789abcdef --reason "use the existing helper"',
    "aedev task reject t-0123456789abcdef",
  ],
  run(session, input) {
    const words = input.text("reason");
    return changeTask(session, {
      id: input.argument(0),
      action: "reject",
      body: { reason: words },
      text: ({ task_id, status, change_digest, spec_digest }) =>
        words === undefined
          ? `${task_id} ${status}${change_digest === null ? "" : `, change ${change_digest}`}`
          : `${task_id} sent back, specification ${spec_digest}\nnext: aedev task logs ${task_id} --follow`,
    });
  },
};
