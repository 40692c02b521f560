/** `aedev task list`: every task with its status, the newest last. */
import { taskDocument } from "@aedev/core";
import { done } from "../../answer.ts";
import { columns } from "../../render/columns.ts";
import { readState } from "../../session/read-state.ts";
import type { Verb } from "../../verb.ts";

export const verb: Verb = {
  summary: "List the tasks, the newest last.",
  examples: ["aedev task list", "aedev task list --json"],
  async run(session) {
    const oldestFirst = Object.values((await readState(session)).tasks).toSorted((left, right) =>
      left.planned_at < right.planned_at ? -1 : 1,
    );
    const tasks = oldestFirst.map((task) => ({ mission_id: task.mission_id, ...taskDocument(task) }));
    const rows = tasks.map(({ task_id, mission_id, status, decision, hold_code }) => [
      task_id,
      mission_id,
      status,
      decision,
      hold_code,
    ]);
    return done(
      { tasks },
      columns(
        ["TASK", "MISSION", "STATUS", "DECISION", "HOLD"],
        rows,
        "no tasks yet: a mission's task is planned when you approve it",
      ),
    );
  },
};
