/** `aedev task logs`: what a task's coder did, as it reported it. It is no evidence, and nothing decides by it. */
import { done } from "../../answer.ts";
import { isRefused, readState, taskOf } from "../../session/read-state.ts";
import type { Verb } from "../../verb.ts";

export const verb: Verb = {
  summary: "Print the log of a task's runs: model requests, checks, and the coder's answer as it gave it.",
  arguments: [{ name: "<task>", summary: "its id" }],
  examples: ["aedev task logs t-0123456789abcdef"],
  async run(session, input) {
    const { home, entries } = session;
    const task = taskOf(await readState(session), input.argument(0));
    if (isRefused(task)) return task;
    const text = await (await entries.daemon()).readTaskLog({ home, taskId: task.task_id });
    return done({ task_id: task.task_id, text }, text === "" ? "nothing was logged yet" : text);
  },
};
