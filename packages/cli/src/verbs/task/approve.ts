/** `aedev task approve`: approves a change for landing; prints the change digest that the approval is bound to. */

import type { Verb } from "../../command-line/verb.ts";
import { change } from "../../daemon-client/changes.ts";

export const verb: Verb = {
  summary: "Approve a change for landing; prints the change digest that the approval binds to.",
  arguments: [{ name: "<task>", summary: "its id" }],
  options: [{ flags: "--digest <digest>", summary: "approve only if the change has this digest" }],
  examples: ["aedev task approve t-0123456789abcdef", "aedev task approve t-0123456789abcdef --digest DIGEST"],
  run: (session, input) =>
    change(session, "approveTask", {
      input: { params: { id: input.argument(0) }, body: { digest: input.text("digest") } },
      text: ({ task_id, change_digest }) =>
        `${task_id} approved, change ${change_digest ?? "-"}\nnext: aedev task show ${task_id}`,
    }),
};
