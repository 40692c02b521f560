/** `aedev daemon status`: exit code 0 where the daemon answers, 3 where it does not run. */
import { done } from "../../answer.ts";
import { findDaemon } from "../../session/daemon-link.ts";
import { requireHome } from "../../session/home.ts";
import type { Verb } from "../../verb.ts";

export const verb: Verb = {
  summary: "Say whether the daemon runs (exit code 3 where it does not).",
  examples: ["aedev daemon status", "aedev daemon status --json"],
  async run(session) {
    requireHome(session.home);
    const daemon = await findDaemon(session);
    if (daemon !== undefined) return done({ running: true, ...daemon }, `the daemon runs on port ${daemon.port}`);
    const down = done({ running: false, port: null, pid: null }, "the daemon is not running");
    return { ...down, exit: 3, notice: "  help: aedev daemon start" };
  },
};
