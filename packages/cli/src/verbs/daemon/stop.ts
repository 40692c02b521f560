/** `aedev daemon stop`: returns after all three processes have ended and the log's head is signed. */
import { done } from "../../command-line/answer.ts";
import type { Verb } from "../../command-line/verb.ts";
import { requireHome } from "../../daemon-client/home.ts";
import { withProgress } from "../../terminal/progress.ts";

export const verb: Verb = {
  summary: "Stop the daemon and its planes; returns when they have ended.",
  examples: ["aedev daemon stop"],
  async run(session) {
    const { home, environment, entries } = session;
    requireHome(home);
    const result = await withProgress(session, "stopping the daemon", async () =>
      (await entries.daemon()).stopDaemon({ home, environment }),
    );
    return done(
      { running: false, result },
      {
        stopped: "the daemon has stopped",
        killed: "the daemon did not stop and was killed; its log is whole after that",
        "not-running": "the daemon was not running",
      }[result],
    );
  },
};
