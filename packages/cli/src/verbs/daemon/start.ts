/** `aedev daemon start`: starts the daemon in the background and answers when it does. Started twice, it says so and is content. */
import { done } from "../../answer.ts";
import { findDaemon } from "../../session/daemon-link.ts";
import { requireHome } from "../../session/home.ts";
import type { Verb } from "../../verb.ts";

export const verb: Verb = {
  summary: "Start the daemon in the background; returns when it answers.",
  examples: ["aedev daemon start", "AEDEV_PORT=7300 aedev daemon start"],
  async run(session) {
    const { home, environment } = session;
    requireHome(home);
    const running = await runningOrStale(session);
    if (running !== undefined) return done({ running: true, started: false, ...running }, `the daemon runs already on port ${running.port}`);
    const { port, pid } = await (await session.entries.daemon()).startDaemon({ home, environment });
    return done({ running: true, started: true, port, pid }, `the daemon runs on port ${port} (process ${pid}); status board: http://127.0.0.1:${port}/status-board`);
  },
};

/** A port that something else took after a crash is no reason not to start: the daemon's own start tells what is wrong. */
async function runningOrStale(session: Parameters<Verb["run"]>[0]): ReturnType<typeof findDaemon> {
  try {
    return await findDaemon(session);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "foreign-port") return undefined;
    throw error;
  }
}
