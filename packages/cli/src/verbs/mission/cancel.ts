/** `aedev mission cancel`: stops a mission with its tasks; what has landed stays landed. */
import { changeMission } from "../../session/changes.ts";
import type { Verb } from "../../verb.ts";

export const verb: Verb = {
  summary: "Cancel a mission and its open tasks.",
  arguments: [{ name: "<mission>", summary: "its id" }],
  examples: ["aedev mission cancel m-0123456789abcdef"],
  run: (session, input) =>
    changeMission(session, {
      id: input.argument(0),
      action: "cancel",
      text: ({ mission_id, status }) => `${mission_id} ${status}`,
    }),
};
