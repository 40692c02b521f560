/** `aedev mission show`: a mission with its criteria, tasks and the commands that help. */
import { missionDocument } from "@aedev/core";
import { done, refused } from "../../command-line/answer.ts";
import type { Verb } from "../../command-line/verb.ts";
import { isRefused, missionOf, readState } from "../../daemon-client/read-state.ts";
import { waitingMissions, waitsForOf } from "../../daemon-client/waiting.ts";
import { missionText } from "../../render/mission-text.ts";

export const verb: Verb = {
  summary: "Show a mission with its criteria and tasks.",
  arguments: [{ name: "<mission>", summary: "its id" }],
  examples: ["aedev mission show m-0123456789abcdef", "aedev mission show m-0123456789abcdef --json"],
  async run(session, input) {
    const state = await readState(session, { missions: [input.argument(0)] });
    const mission = missionOf(state, input.argument(0));
    if (isRefused(mission)) return mission;
    const document = missionDocument(state, mission.mission_id);
    if (document === undefined)
      return refused("unknown-mission", `there is no mission ${mission.mission_id}`, "aedev mission list");
    const waiting = (await waitingMissions(session, state)).get(mission.mission_id) ?? [];
    const full = { ...document, ...waitsForOf(waiting) };
    return done(full, missionText(state, mission, { document, waiting }));
  },
};
