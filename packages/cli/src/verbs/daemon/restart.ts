/** `aedev daemon restart`: stops the daemon, also one that no longer answers, and starts it again with today's configuration and environment. */
import { done } from "../../command-line/answer.ts";
import type { Verb } from "../../command-line/verb.ts";
import { requireHome } from "../../daemon-client/home.ts";
import { withProgress } from "../../terminal/progress.ts";

export const verb: Verb = {
  summary: "Stop the daemon and start it again; runs in progress continue.",
  examples: ["aedev daemon restart", "aedev daemon restart --json"],
  async run(session) {
    const { home, environment, entries } = session;
    requireHome(home);
    const { result, port, pid } = await withProgress(session, "restarting the daemon", async () => {
      const daemon = await entries.daemon();
      const result = await daemon.stopDaemon({ home, environment });
      return { result, ...(await daemon.startDaemon({ home, environment })) };
    });
    return done({ running: true, port, pid, result }, `the daemon is running on port ${port}`);
  },
};
