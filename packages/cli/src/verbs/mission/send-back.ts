/** `aedev mission send-back`: sends a specification back with words. They become part of it, and it needs a new approval. */
import { changeVerb } from "../../daemon-client/changes.ts";

export const verb = changeVerb("sendBackMission", {
  summary: "Say what should change in a specification before work starts; it needs your approval again.",
  arguments: [{ name: "<mission>", summary: "its id" }],
  options: [
    { flags: "--reason <text>", summary: "what should change; it becomes part of the specification", required: true },
  ],
  examples: ['aedev mission send-back m-0123456789abcdef --reason "keep the exported names as they are"'],
  input: (input) => ({ params: { id: input.argument(0) }, body: { reason: input.text("reason") ?? "" } }),
  text: ({ mission_id, spec_digest, questions }) =>
    `${mission_id} sent back, specification ${spec_digest}\nnext: aedev mission ${questions.length > 0 ? "answer" : "approve"} ${mission_id}`,
});
