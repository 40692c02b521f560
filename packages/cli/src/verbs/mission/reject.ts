/** `aedev mission reject`: the specification is not what you want; nothing runs. */
import { changeMission } from "../../session/changes.ts";
import type { Verb } from "../../verb.ts";

export const verb: Verb = {
  summary: "Reject a mission's specification; nothing runs.",
  arguments: [{ name: "<mission>", summary: "its id" }],
  options: [{ flags: "--reason <text>", summary: "why, for the log" }],
  examples: ['aedev mission reject m-0123456789abcdef --reason "not this quarter"'],
  run: (session, input) =>
    changeMission(session, {
      id: input.argument(0),
      action: "reject",
      body: { reason: input.text("reason") },
      text: ({ mission_id, status }) => `${mission_id} ${status}`,
    }),
};
