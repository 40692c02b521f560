/** `aedev mission show`: a mission with its criteria, tasks and the commands that help, now or at an earlier position of the log. */
import type { MissionReading } from "@aedev/daemon";
import { done, usageFault } from "../../command-line/answer.ts";
import type { Verb } from "../../command-line/verb.ts";
import { requireHome } from "../../daemon-client/home.ts";
import { readHome } from "../../daemon-client/read-home.ts";
import { missionText } from "../../render/mission-text.ts";

export const verb: Verb = {
  summary: "Show a mission with its criteria and tasks.",
  arguments: [{ name: "<mission>", summary: "its id" }],
  options: [
    {
      flags: "--at <position>",
      summary: "as it was when the log ended at this position; positions: aedev events",
    },
  ],
  examples: [
    "aedev mission show m-0123456789abcdef",
    "aedev mission show m-0123456789abcdef --json",
    "aedev mission show m-0123456789abcdef --at 120",
  ],
  async run(session, input) {
    const [missionId, at] = [input.argument(0), input.text("at")];
    if (at === undefined) {
      const mission = await readHome(session, (home) => home.mission(missionId));
      return done(documentOf(mission), missionText(mission));
    }
    if (!/^[1-9][0-9]{0,14}$/.test(at))
      throw usageFault(
        `--at needs a position of the log, a whole number from 1, not "${at}"`,
        "aedev events --limit 20",
      );
    const { home, environment, entries } = session;
    requireHome(home);
    const { missionAt } = await entries.daemon();
    const { place, ...mission } = await missionAt({ home, environment, missionId, position: Number(at) });
    const head = `as it was at position ${place.position} of ${place.end}, recorded ${place.recorded_at}`;
    return done({ ...documentOf(mission), place }, `${head}\n${missionText(mission)}`);
  },
};

function documentOf({ document, used }: MissionReading) {
  return { ...document, used };
}
