/** `aedev mission show`: a mission with its criteria, tasks and the commands that help. */
import { missionDocument } from "@aedev/core";
import { done, refused } from "../../answer.ts";
import { missionText } from "../../render/mission-text.ts";
import { isRefused, missionOf, readState } from "../../session/read-state.ts";
import { waitingMissions, waitsForOf } from "../../session/waiting.ts";
import type { Verb } from "../../verb.ts";

export const verb: Verb = {
  summary: "Show a mission with its criteria and tasks.",
  arguments: [{ name: "<mission>", summary: "its id" }],
  examples: ["aedev mission show m-0123456789abcdef", "aedev mission show m-0123456789abcdef --json"],
  async run(session, input) {
    const state = await readState(session);
    const mission = missionOf(state, input.argument(0));
    if (isRefused(mission)) return mission;
    const document = missionDocument(state, mission.mission_id);
    if (document === undefined)
      return refused("unknown-mission", `there is no mission ${mission.mission_id}`, "aedev mission list");
    const waiting = (await waitingMissions(session, state)).get(mission.mission_id) ?? [];
    const shown = { ...document, ...waitsForOf(waiting) };
    return done(shown, missionText(state, mission, { document, waiting }));
  },
};
