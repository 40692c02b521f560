/** `aedev hold list`: what is parked, why, and the command that helps; the oldest first. */
import { openHolds } from "@aedev/core";
import { done } from "../../answer.ts";
import { columns } from "../../render/columns.ts";
import { readState } from "../../session/read-state.ts";
import type { Verb } from "../../verb.ts";

export const verb: Verb = {
  summary: "List what is parked and why.",
  examples: ["aedev hold list", "aedev hold list --json"],
  async run(session) {
    const holds = openHolds(await readState(session));
    const rows = holds.map(({ hold_id, code, detail, task_id, help }) => [hold_id, code, detail, task_id, help]);
    return done({ holds }, columns(["HOLD", "CODE", "DETAIL", "TASK", "HELP"], rows, "nothing is held"));
  },
};
