/** `aedev mission list`: every mission with its status, the newest last. */
import { missionDocument } from "@aedev/core";
import { done } from "../../answer.ts";
import { columns } from "../../render/columns.ts";
import { readState } from "../../session/read-state.ts";
import { waitingMissions, waitsForOf } from "../../session/waiting.ts";
import type { Verb } from "../../verb.ts";

export const verb: Verb = {
  summary: "List the missions, the newest last.",
  examples: ["aedev mission list", "aedev mission list --json"],
  async run(session) {
    const state = await readState(session);
    const oldestFirst = Object.values(state.missions).toSorted((left, right) =>
      left.submitted_at < right.submitted_at ? -1 : 1,
    );
    const waiting = await waitingMissions(session, state);
    const missions = oldestFirst
      .map(({ mission_id }) => missionDocument(state, mission_id))
      .filter((document) => document !== undefined)
      .map((document) => ({ ...document, ...waitsForOf(waiting.get(document.mission_id)) }));
    const rows = missions.map(({ mission_id, status, title, waits_for }) => [
      mission_id,
      status,
      state.missions[mission_id]?.repository ?? "",
      waits_for?.join("; ") ?? "",
      title,
    ]);
    return done(
      { missions },
      columns(
        ["MISSION", "STATUS", "REPOSITORY", "WAITS FOR", "TITLE"],
        rows,
        'no missions yet: aedev intake "…" --repo NAME --criterion "…"',
      ),
    );
  },
};
