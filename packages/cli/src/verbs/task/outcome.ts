/** `aedev task outcome`: records a person's report on a landed change. The newest report counts. */

import { usageFault } from "../../command-line/answer.ts";
import { changeVerb } from "../../daemon-client/changes.ts";

export const verb = changeVerb("judgeTaskOutcome", {
  summary: "Say how a landed change turned out: good or bad. The newest word counts.",
  arguments: [
    { name: "<task>", summary: "its id" },
    { name: "<outcome>", summary: "good or bad" },
  ],
  options: [{ flags: "--why <text>", summary: "the reason, for the log" }],
  examples: [
    "aedev task outcome t-0123456789abcdef good",
    'aedev task outcome t-0123456789abcdef bad --why "the report is empty since"',
  ],
  input: (input) => ({
    params: { id: input.argument(0) },
    body: { outcome: outcomeOf(input.argument(1)), why: input.text("why") },
  }),
  text: ({ task_id, outcomes = [] }) => `${task_id} ${outcomes.at(-1)?.outcome ?? "recorded"}`,
});

function outcomeOf(word: string): "good" | "bad" {
  if (word === "good" || word === "bad") return word;
  throw usageFault(`an outcome is good or bad, not ${JSON.stringify(word)}`, "aedev task outcome --help");
}
