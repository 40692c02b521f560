/** `aedev mission approve`: the explicit second step; bound to the specification's hash, which it prints with the criteria. */

import { isFault } from "@aedev/contracts";
import type { MissionReading } from "@aedev/daemon";
import type { Verb } from "../../command-line/verb.ts";
import { change } from "../../daemon-client/changes.ts";
import { readHome } from "../../daemon-client/read-home.ts";
import { criterionLine } from "../../render/mission-text.ts";
import type { Session } from "../../terminal/session.ts";

export const verb: Verb = {
  summary: "Approve a mission's specification; work starts.",
  arguments: [{ name: "<mission>", summary: "its id" }],
  options: [{ flags: "--digest <digest>", summary: "approve only if the specification has this digest" }],
  examples: ["aedev mission approve m-0123456789abcdef"],
  async run(session, input) {
    const id = input.argument(0);
    const answer = await change(session, "approveMission", {
      input: { params: { id }, body: { digest: input.text("digest") } },
      text: ({ mission_id, spec_digest }) => `${mission_id} approved, specification ${spec_digest}`,
    });
    if (answer.kind !== "done") return answer;
    const criteria = await criteriaOf(session, id);
    return {
      ...answer,
      text: [answer.text, ...criteria.map(criterionLine), `next: aedev mission wait ${id}`].join("\n"),
    };
  },
};

/** Empty if this home does not have the mission: it is approved all the same, so the verb must not fail. */
async function criteriaOf(session: Session, id: string): Promise<MissionReading["criteria"]> {
  try {
    return (await readHome(session, (home) => home.mission(id))).criteria;
  } catch (error) {
    if (isFault(error, "unknown-mission")) return [];
    throw error;
  }
}
