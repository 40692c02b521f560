/** `aedev mission list`: a page of missions with their statuses, the newest last. */
import { done } from "../../command-line/answer.ts";
import { isNarrowed, nextPageText, pageOptions, pageQueryOf } from "../../command-line/page-options.ts";
import type { Verb } from "../../command-line/verb.ts";
import { withHome } from "../../daemon-client/read-state.ts";
import { waitingMissions, waitsForOf } from "../../daemon-client/waiting.ts";
import { columns } from "../../render/columns.ts";

export const verb: Verb = {
  summary: "List the newest missions, the newest last; --after goes back in time.",
  options: pageOptions,
  examples: ["aedev mission list", "aedev mission list --status held --repo shop --limit 200 --json"],
  async run(session, input) {
    const query = pageQueryOf(input, "mission list");
    const { page, state } = await withHome(session, (home) => {
      const found = home.missionPage(query);
      return { page: found, state: home.state({ missions: found.missions.map(({ mission_id }) => mission_id) }) };
    });
    const waiting = await waitingMissions(session, state);
    const missions = page.missions.map((document) => ({
      ...document,
      ...waitsForOf(waiting.get(document.mission_id)),
    }));
    const rows = missions.map(({ mission_id, status, title, waits_for }) => [
      mission_id,
      status,
      state.missions[mission_id]?.repository ?? "",
      waits_for?.join("; ") ?? "",
      title,
    ]);
    return done(
      { missions, next: page.next },
      columns(
        ["MISSION", "STATUS", "REPOSITORY", "WAITS FOR", "TITLE"],
        rows,
        isNarrowed(query) ? "no mission fits" : 'no missions yet: aedev intake "…" --repo NAME --criterion "…"',
      ) + nextPageText("mission list", page.next),
    );
  },
};
