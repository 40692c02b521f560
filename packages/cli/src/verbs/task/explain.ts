/** `aedev task explain`: what has happened to a task and why, what it waits for, and what comes next. */
import { done } from "../../command-line/answer.ts";
import type { Verb } from "../../command-line/verb.ts";
import { readHome } from "../../daemon-client/read-home.ts";
import { explanationText } from "../../render/explanation-text.ts";

export const verb: Verb = {
  summary:
    "Explain a task: what has happened and why, what it waits for, what comes next and when, which commands change that.",
  arguments: [{ name: "<task>", summary: "its id" }],
  examples: ["aedev task explain t-0123456789abcdef", "aedev task explain t-0123456789abcdef --json"],
  async run(session, input) {
    const explanation = await readHome(session, (home) => home.explanation(input.argument(0)));
    return done(explanation, explanationText(explanation, session.terminal.sizeOf?.("output")?.columns));
  },
};
