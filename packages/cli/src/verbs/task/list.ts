/** `aedev task list`: a page of tasks with their statuses, the newest last. */
import { statusText } from "@aedev/contracts";
import { done } from "../../command-line/answer.ts";
import { isNarrowed, nextPageText, pageOptions, pageQueryOf } from "../../command-line/page-options.ts";
import type { Verb } from "../../command-line/verb.ts";
import { readHome } from "../../daemon-client/read-home.ts";
import { columns } from "../../render/columns.ts";

export const verb: Verb = {
  summary: "List the newest tasks, the newest last; --after goes back in time.",
  options: pageOptions,
  examples: ["aedev task list", "aedev task list --status held --since 2026-01-31 --json"],
  async run(session, input) {
    const query = pageQueryOf(input, "task list");
    const { tasks, next } = await readHome(session, (home) => home.tasks(query));
    const rows = tasks.map(({ task_id, mission_id, status, decision, hold_code }) => [
      task_id,
      mission_id,
      statusText(status),
      decision,
      hold_code,
    ]);
    return done(
      { tasks, next },
      columns(
        ["TASK", "MISSION", "STATUS", "DECISION", "HOLD"],
        rows,
        isNarrowed(query) ? "no task matches" : "no tasks yet: a mission's task is planned when you approve it",
      ) + nextPageText("task list", next),
    );
  },
};
