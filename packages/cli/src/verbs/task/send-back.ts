/** `aedev task send-back`: sends a change back with instructions. They become part of the specification, whose new digest is printed, and a next run starts with them. */

import { changeVerb } from "../../daemon-client/changes.ts";

export const verb = changeVerb("sendBackTask", {
  summary: "Send back a change that needs approval or is held: a next run starts with your instructions.",
  arguments: [{ name: "<task>", summary: "its id" }],
  options: [
    { flags: "--reason <text>", summary: "what to change; the next run reads it in its specification", required: true },
  ],
  examples: ['aedev task send-back t-0123456789abcdef --reason "use the existing helper"'],
  input: (input) => ({ params: { id: input.argument(0) }, body: { reason: input.text("reason") ?? "" } }),
  text: ({ task_id, spec_digest }) =>
    `${task_id} sent back, specification ${spec_digest}\nnext: aedev task logs ${task_id} --follow`,
});
