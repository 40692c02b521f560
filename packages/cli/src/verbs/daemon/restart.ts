/** `aedev daemon restart`: stops the daemon, even if it no longer answers, and starts it with the present configuration and environment. If these do not load, it stops nothing. */
import { isFault } from "@aedev/contracts";
import { type Answer, done, refused } from "../../command-line/answer.ts";
import type { Verb } from "../../command-line/verb.ts";
import { requireHome } from "../../daemon-client/home.ts";
import { withProgress } from "../../terminal/progress.ts";

export const verb: Verb = {
  summary:
    "Stop the daemon and start it again; runs in progress continue. With a configuration that does not load, nothing is stopped.",
  examples: ["aedev daemon restart", "aedev daemon restart --json"],
  async run(session): Promise<Answer> {
    const { home, environment, entries } = session;
    requireHome(home);
    const daemon = await entries.daemon();
    try {
      await daemon.requireValidFiles({ home, environment });
    } catch (error) {
      if (!isFault(error, "config-invalid")) throw error;
      return refused(error.code, `${error.message}\nnothing was stopped or started`, error.hint);
    }
    const { result, port, pid } = await withProgress(session, "restarting the daemon", async () => {
      const result = await daemon.stopDaemon({ home, environment });
      return { result, ...(await daemon.startDaemon({ home, environment })) };
    });
    return done({ running: true, port, pid, result }, `the daemon is running on port ${port}`);
  },
};
