/** `aedev mission cancel`: stops a mission with its tasks; what has landed stays landed. */

import type { Verb } from "../../command-line/verb.ts";
import { change } from "../../daemon-client/changes.ts";

export const verb: Verb = {
  summary: "Cancel a mission and its open tasks.",
  arguments: [{ name: "<mission>", summary: "its id" }],
  examples: ["aedev mission cancel m-0123456789abcdef"],
  run: (session, input) =>
    change(session, "cancelMission", {
      input: { params: { id: input.argument(0) }, body: {} },
      text: ({ mission_id, status }) => `${mission_id} ${status}`,
    }),
};
