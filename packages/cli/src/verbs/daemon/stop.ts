/** `aedev daemon stop`: returns after all three processes have ended and the log's head is signed. */
import { done } from "../../command-line/answer.ts";
import type { Verb } from "../../command-line/verb.ts";
import { requireHome } from "../../daemon-client/home.ts";
import { withProgress } from "../../terminal/progress.ts";

export const verb: Verb = {
  summary: "Stop the daemon and its planes; returns when they have ended.",
  examples: ["aedev daemon stop"],
  async run(session) {
    requireHome(session.home);
    const result = await withProgress(session, "stopping the daemon", async () =>
      (await session.entries.daemon()).stopDaemon({ home: session.home }),
    );
    return done(
      { running: false, result },
      result === "stopped" ? "the daemon has stopped" : "the daemon was not running",
    );
  },
};
