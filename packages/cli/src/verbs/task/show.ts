/** `aedev task show`: a task with its runs, verdicts, reasons and the command that helps. */
import { done } from "../../command-line/answer.ts";
import type { Verb } from "../../command-line/verb.ts";
import { readHome } from "../../daemon-client/read-home.ts";
import { taskText } from "../../render/task-text.ts";
import { decisionsText, judgedChange } from "./judged-change.ts";

export const verb: Verb = {
  summary: "Show a task: its change, tests and criteria, then its runs, verdicts and reasons.",
  arguments: [{ name: "<task>", summary: "its id" }],
  examples: ["aedev task show t-0123456789abcdef", "aedev task show t-0123456789abcdef --json"],
  async run(session, input) {
    const details = await readHome(session, (home) => home.task(input.argument(0)));
    const change = details.evidence_digest === null ? "" : await judgedChange(session, details.task_id);
    const decisions = details.status === "asked" ? await decisionsText(session, details.task_id) : "";
    return done(details, [change, decisions, taskText(details)].filter((part) => part !== "").join("\n\n"));
  },
};
