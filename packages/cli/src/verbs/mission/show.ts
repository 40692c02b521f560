/** `aedev mission show`: a mission with its criteria, tasks and the commands that help. */
import { done } from "../../command-line/answer.ts";
import type { Verb } from "../../command-line/verb.ts";
import { readHome } from "../../daemon-client/read-home.ts";
import { missionText } from "../../render/mission-text.ts";

export const verb: Verb = {
  summary: "Show a mission with its criteria and tasks.",
  arguments: [{ name: "<mission>", summary: "its id" }],
  examples: ["aedev mission show m-0123456789abcdef", "aedev mission show m-0123456789abcdef --json"],
  async run(session, input) {
    const mission = await readHome(session, (home) => home.mission(input.argument(0)));
    return done({ ...mission.document, used: mission.used }, missionText(mission));
  },
};
