/** `aedev resume`: ends a pause, or starts again after `aedev stop-all`. */
import { counted } from "@aedev/contracts";
import type { RouteAnswer } from "@aedev/contracts/api";
import type { Verb } from "../command-line/verb.ts";
import { change } from "../daemon-client/changes.ts";
import { pausedLines, resumedText } from "../render/home-text.ts";

export const verb: Verb = {
  summary: "Resume runs and landings; runs that were stopped continue from what they wrote.",
  options: [{ flags: "--repo <name>", summary: "only in this repository, as `aedev repo resume NAME`" }],
  examples: ["aedev resume", "aedev resume --repo shop"],
  run(session, input) {
    const name = input.text("repo");
    return name === undefined
      ? change(session, "resumeWork", { input: { body: {} }, text: resumedWorkText })
      : change(session, "resumeRepository", {
          input: { params: { name }, body: {} },
          text: (resumed) => resumedText(resumed, "repository"),
        });
  },
};

/** Repositories that are paused on their own stay paused. */
function resumedWorkText({ was_paused, stopped, paused_repositories }: RouteAnswer<"resumeWork">): string {
  const rest = stopped.length === 0 ? "" : `; ${counted(stopped.length, "task")} to continue`;
  return [
    was_paused ? `work is resumed${rest}` : "all work was not paused",
    ...paused_repositories.flatMap(pausedLines),
  ].join("\n");
}
