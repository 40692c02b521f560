/** `aedev mission approve`: the explicit second step; bound to the specification's hash, which it prints. */
import { changeMission } from "../../session/changes.ts";
import type { Verb } from "../../verb.ts";

export const verb: Verb = {
  summary: "Approve a mission's specification; work begins.",
  arguments: [{ name: "<mission>", summary: "its id" }],
  options: [{ flags: "--digest <digest>", summary: "approve only if the specification has this digest" }],
  examples: ["aedev mission approve m-0123456789abcdef"],
  run: (session, input) =>
    changeMission(session, {
      id: input.argument(0),
      action: "approve",
      body: { digest: input.text("digest") },
      text: ({ mission_id, spec_digest }) =>
        `${mission_id} approved, specification ${spec_digest}\nnext: aedev mission wait ${mission_id}`,
    }),
};
