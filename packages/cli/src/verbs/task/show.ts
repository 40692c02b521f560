/** `aedev task show`: a task with its runs, verdicts, reasons and the command that helps. */

import { taskDetails } from "@aedev/core";
import { done } from "../../command-line/answer.ts";
import type { Verb } from "../../command-line/verb.ts";
import { isRefused, readState, taskOf } from "../../daemon-client/read-state.ts";
import { taskText } from "../../render/task-text.ts";

export const verb: Verb = {
  summary: "Show a task with its runs, verdicts and reasons.",
  arguments: [{ name: "<task>", summary: "its id" }],
  examples: ["aedev task show t-0123456789abcdef", "aedev task show t-0123456789abcdef --json"],
  async run(session, input) {
    const state = await readState(session, { tasks: [input.argument(0)] });
    const task = taskOf(state, input.argument(0));
    if (isRefused(task)) return task;
    const details = taskDetails(state, task);
    return done(details, taskText(details));
  },
};
