/** `aedev mission list`: a page of missions with their statuses, the newest last. */
import { statusText } from "@aedev/contracts";
import { done } from "../../command-line/answer.ts";
import { isNarrowed, nextPageText, pageOptions, pageQueryOf } from "../../command-line/page-options.ts";
import type { Verb } from "../../command-line/verb.ts";
import { readHome } from "../../daemon-client/read-home.ts";
import { columns } from "../../render/columns.ts";

export const verb: Verb = {
  summary: "List the newest missions, the newest last; --after goes back in time.",
  options: pageOptions,
  examples: ["aedev mission list", "aedev mission list --status held --repo shop --limit 200 --json"],
  async run(session, input) {
    const query = pageQueryOf(input, "mission list");
    const { missions, next } = await readHome(session, (home) => home.missions(query));
    const rows = missions.map(({ document: { mission_id, status, title, waits_for, origin }, repository }) => [
      mission_id,
      statusText(status),
      repository,
      waits_for?.join("; ") ?? "",
      origin === undefined ? title : `${title} (issue #${origin.issue})`,
    ]);
    return done(
      { missions: missions.map(({ document }) => document), next },
      columns(
        ["MISSION", "STATUS", "REPOSITORY", "WAITS FOR", "TITLE"],
        rows,
        isNarrowed(query) ? "no mission matches" : 'no missions yet: aedev intake "…" --repo NAME --criterion "…"',
      ) + nextPageText("mission list", next),
    );
  },
};
