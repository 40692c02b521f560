/** `aedev daemon status`: exits 0 if the daemon answers, 3 if it is not running. */
import { done } from "../../command-line/answer.ts";
import type { Verb } from "../../command-line/verb.ts";
import { findDaemon } from "../../daemon-client/daemon-link.ts";
import { endedDaemon } from "../../daemon-client/ended-daemon.ts";
import { requireHome } from "../../daemon-client/home.ts";

export const verb: Verb = {
  summary: "Show whether the daemon is running (exit code 3 if it is not).",
  examples: ["aedev daemon status", "aedev daemon status --json"],
  async run(session) {
    requireHome(session.home);
    const daemon = await findDaemon(session);
    if (daemon !== undefined) {
      const { port, pid } = daemon;
      return done({ running: true, port, pid }, `the daemon is running on port ${port}`);
    }
    const ended = endedDaemon(session.home);
    const document = { running: false, port: null, pid: null, ended: ended?.how ?? null };
    const down = done(
      document,
      ended === null ? "the daemon is not running" : `the daemon is not running: ${ended.text}`,
    );
    const help = [
      "  help: aedev daemon start",
      ...(ended === null ? [] : ["  so that it is restarted automatically: aedev service install"]),
    ];
    return { ...down, exit: 3, notice: help.join("\n") };
  },
};
