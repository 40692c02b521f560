/** `aedev service uninstall`: stops the daemon and removes the service completely. */
import { done } from "../../command-line/answer.ts";
import type { Verb } from "../../command-line/verb.ts";
import { requireHome } from "../../daemon-client/home.ts";
import { withProgress } from "../../terminal/progress.ts";

export const verb: Verb = {
  summary: "Stop the daemon and remove its service; the home stays.",
  examples: ["aedev service uninstall"],
  async run(session) {
    const { home, environment, entries } = session;
    requireHome(home);
    const wasInstalled = await withProgress(session, "removing the service", async () =>
      (await entries.daemon()).uninstallService({ home, environment }),
    );
    const answer = done(
      { installed: false, removed: wasInstalled },
      wasInstalled ? "the service is removed and the daemon has stopped" : "no service was installed",
    );
    return wasInstalled ? { ...answer, notice: "  without a service: aedev daemon start" } : answer;
  },
};
