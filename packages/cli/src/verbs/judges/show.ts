/** `aedev judges show`: how often each judge caught what was planted, and what two passes are worth. It reads the log and calls no model. */
import { judgeReport } from "@aedev/core";
import { done } from "../../command-line/answer.ts";
import type { Verb } from "../../command-line/verb.ts";
import { withHome } from "../../daemon-client/read-state.ts";
import { judgesText } from "../../render/judges-text.ts";

export const verb: Verb = {
  summary:
    "Show how often each judge caught planted defects and held harmless changes, with 95 % intervals, and what two passes are worth.",
  examples: ["aedev judges show", "aedev judges show --json"],
  async run(session) {
    const canaries = await withHome(session, (home) => home.canaries());
    const { home, environment } = session;
    const setup = await (await session.entries.daemon()).readJudgeSetup({ home, environment });
    const report = judgeReport(canaries, setup);
    return done(report, judgesText(report));
  },
};
