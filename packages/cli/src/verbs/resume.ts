/** `aedev resume`: ends a pause, or starts again after `aedev stop-all`. */
import { counted } from "@aedev/contracts";
import type { Verb } from "../command-line/verb.ts";
import { change } from "../daemon-client/changes.ts";

export const verb: Verb = {
  summary: "Resume runs and landings; runs that were stopped continue from what they wrote.",
  options: [{ flags: "--repo <name>", summary: "only in this repository, as `aedev repo resume NAME`" }],
  examples: ["aedev resume", "aedev resume --repo shop"],
  run(session, input) {
    const name = input.text("repo");
    return name === undefined
      ? change(session, "resumeWork", {
          input: { body: {} },
          text: ({ stopped }) =>
            stopped.length === 0
              ? "work is resumed"
              : `work is resumed; ${counted(stopped.length, "task")} to continue`,
        })
      : change(session, "resumeRepository", {
          input: { params: { name }, body: {} },
          text: () => `${name} is no longer paused on its own`,
        });
  },
};
