/** `aedev hold list`: open holds with their cause and the command that helps, oldest first. */
import { done } from "../../command-line/answer.ts";
import { isNarrowed, nextPageText, openPageOptions, openPageQueryOf } from "../../command-line/page-options.ts";
import type { Verb } from "../../command-line/verb.ts";
import { readHome } from "../../daemon-client/read-home.ts";
import { rowsWithLines } from "../../render/columns.ts";

export const verb: Verb = {
  summary: "List what is parked and why.",
  options: openPageOptions,
  examples: ["aedev hold list", "aedev hold list --repo shop --json"],
  async run(session, input) {
    const query = openPageQueryOf(input, "hold list");
    const { holds, next } = await readHome(session, (home) => home.holds(query));
    const rows = holds.map(({ hold_id, code, task_id, title, detail, help }) => ({
      cells: [hold_id, code, task_id, title],
      under: [...(detail === null ? [] : [detail]), `next: ${help}`],
    }));
    const empty = isNarrowed(query) ? "no hold matches" : "nothing is held";
    const text = rowsWithLines(["HOLD", "CODE", "TASK", "MISSION"], rows, empty);
    return done({ holds, next }, text + nextPageText("hold list", next));
  },
};
