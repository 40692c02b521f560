/** `aedev hold list`: what is parked, why, and the command that helps; the oldest first. */
import { done } from "../../command-line/answer.ts";
import { isNarrowed, nextPageText, openPageOptions, openPageQueryOf } from "../../command-line/page-options.ts";
import type { Verb } from "../../command-line/verb.ts";
import { readHome } from "../../daemon-client/read-home.ts";
import { columns } from "../../render/columns.ts";

export const verb: Verb = {
  summary: "List what is parked and why.",
  options: openPageOptions,
  examples: ["aedev hold list", "aedev hold list --repo shop --json"],
  async run(session, input) {
    const query = openPageQueryOf(input, "hold list");
    const { holds, next } = await readHome(session, (home) => home.holds(query));
    const rows = holds.map(({ hold_id, code, detail, task_id, help }) => [hold_id, code, detail, task_id, help]);
    const empty = isNarrowed(query) ? "no hold matches" : "nothing is held";
    const text = columns(["HOLD", "CODE", "DETAIL", "TASK", "HELP"], rows, empty);
    return done({ holds, next }, text + nextPageText("hold list", next));
  },
};
