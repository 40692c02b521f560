/** `aedev task reject`: the change must not land; prints the change digest it decides. */
import { changeTask } from "../../session/changes.ts";
import type { Verb } from "../../verb.ts";

export const verb: Verb = {
  summary: "Reject an asked or held change; it will not land.",
  arguments: [{ name: "<task>", summary: "its id" }],
  options: [{ flags: "--reason <text>", summary: "why, for the log" }],
  examples: ['aedev task reject t-0123456789abcdef --reason "breaks the public interface"'],
  run: (session, input) =>
    changeTask(session, {
      id: input.argument(0),
      action: "reject",
      body: { reason: input.text("reason") },
      text: ({ task_id, status, change_digest }) =>
        `${task_id} ${status}${change_digest === null ? "" : `, change ${change_digest}`}`,
    }),
};
