/** `aedev daemon start`: starts the daemon in the background and returns when it answers. If the daemon is already running, it changes nothing. */
import { done } from "../../command-line/answer.ts";
import type { Verb } from "../../command-line/verb.ts";
import { requireHome } from "../../daemon-client/home.ts";
import { readHome } from "../../daemon-client/read-home.ts";
import { untrustedText } from "../../render/untrusted-text.ts";
import { withProgress } from "../../terminal/progress.ts";

export const verb: Verb = {
  summary: "Start the daemon in the background; returns when it answers.",
  examples: ["aedev daemon start", "AEDEV_PORT=7300 aedev daemon start"],
  async run(session) {
    const { home, environment, entries } = session;
    requireHome(home);
    const { port, pid } = await withProgress(session, "starting the daemon", async () =>
      (await entries.daemon()).startDaemon({ home, environment }),
    );
    const link = await (await entries.daemon()).boardLink({ home, port });
    const { untrusted } = await readHome(session, (home) => home.status());
    const answer = done(
      { running: true, port, pid, board: link, untrusted },
      `the daemon is running on port ${port}; status board: ${link}`,
    );
    return untrusted === null ? answer : { ...answer, notice: untrustedText(untrusted).join("\n") };
  },
};
