/** `aedev mission cancel`: stops a mission with its tasks; what has landed stays landed. */

import { changeVerb } from "../../daemon-client/changes.ts";

export const verb = changeVerb("cancelMission", {
  summary: "Cancel a mission and its open tasks.",
  arguments: [{ name: "<mission>", summary: "its id" }],
  examples: ["aedev mission cancel m-0123456789abcdef"],
  input: (input) => ({ params: { id: input.argument(0) }, body: {} }),
  text: ({ mission_id, status }) => `${mission_id} ${status}`,
});
