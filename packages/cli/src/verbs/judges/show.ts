/** `aedev judges show`: how often each judge caught planted defects, and what two passes are worth. It reads the log and calls no model. */
import { done } from "../../command-line/answer.ts";
import type { Verb } from "../../command-line/verb.ts";
import { readHome } from "../../daemon-client/read-home.ts";
import { judgesText } from "../../render/judges-text.ts";

export const verb: Verb = {
  summary:
    "Show how often each judge caught planted defects and held harmless changes, with 95 % intervals, and what two passes are worth.",
  examples: ["aedev judges show", "aedev judges show --json"],
  async run(session) {
    const report = await readHome(session, (home) => home.judges());
    return done(report, judgesText(report));
  },
};
