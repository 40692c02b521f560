/** `aedev stop-all`: stops every run now and starts nothing more until `aedev resume`; the runs' work is kept. */
import { counted } from "@aedev/contracts";
import { changeVerb } from "../daemon-client/changes.ts";

export const verb = changeVerb("pauseWork", {
  summary:
    "Stop all runs of the coder now, and start nothing more until `aedev resume`. What they wrote is kept: the next run continues from it. Checks, judgements and pushes that are under way are completed.",
  examples: ["aedev stop-all"],
  input: () => ({ body: { stop_runs: true } }),
  text: ({ stopped }) =>
    [
      `everything is stopped; ${counted(stopped.length, "task")} to continue later`,
      ...stopped.map((id) => `  ${id}`),
      "next: aedev resume",
    ].join("\n"),
});
