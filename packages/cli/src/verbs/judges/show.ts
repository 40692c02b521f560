/** `aedev judges show`: how often each judge caught what was planted, and what two passes are worth. From the log; it asks nobody. */
import { judgeReport } from "@aedev/core";
import { done } from "../../answer.ts";
import { judgesText } from "../../render/judges-text.ts";
import { readState } from "../../session/read-state.ts";
import type { Verb } from "../../verb.ts";

export const verb: Verb = {
  summary:
    "Show how often each judge caught planted defects and held harmless changes, with 95 % intervals, and what two passes are worth.",
  examples: ["aedev judges show", "aedev judges show --json"],
  async run(session) {
    const state = await readState(session);
    const { home, environment } = session;
    const setup = await (await session.entries.daemon()).readJudgeSetup({ home, environment });
    const report = judgeReport(state, setup);
    return done(report, judgesText(report));
  },
};
