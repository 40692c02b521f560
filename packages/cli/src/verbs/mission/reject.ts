/** `aedev mission reject`: rejects a mission's specification; nothing runs. */

import { changeVerb } from "../../daemon-client/changes.ts";

export const verb = changeVerb("rejectMission", {
  summary: "Reject a mission's specification; nothing runs.",
  arguments: [{ name: "<mission>", summary: "its id" }],
  options: [{ flags: "--reason <text>", summary: "why, for the log" }],
  examples: ['aedev mission reject m-0123456789abcdef --reason "not this quarter"'],
  input: (input) => ({ params: { id: input.argument(0) }, body: { reason: input.text("reason") } }),
  text: ({ mission_id, status }) => `${mission_id} ${status}`,
});
