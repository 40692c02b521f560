/** `aedev pause`: lets no new run start and nothing land, everywhere or in one repository; work under way is finished. */

import type { Verb } from "../command-line/verb.ts";
import { change } from "../daemon-client/changes.ts";

export const verb: Verb = {
  summary: "Pause new runs and landings, everywhere or in one repository; runs in progress continue.",
  options: [{ flags: "--repo <name>", summary: "only in this repository, as `aedev repo pause NAME`" }],
  examples: ["aedev pause", "aedev pause --repo shop"],
  run(session, input) {
    const name = input.text("repo");
    return name === undefined
      ? change(session, "pauseWork", {
          input: { body: {} },
          text: ({ paused }) =>
            paused?.stop_runs === true
              ? "all runs are stopped already; next: aedev resume"
              : "paused; next: aedev resume",
        })
      : change(session, "pauseRepository", {
          input: { params: { name }, body: {} },
          text: () => `${name} is paused; next: aedev repo resume ${name}`,
        });
  },
};
