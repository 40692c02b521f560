/** `aedev daemon stop`: returns after all three processes have ended and the log's head is signed, and names the tasks under way, which the next daemon continues. */
import { done } from "../../command-line/answer.ts";
import type { Verb } from "../../command-line/verb.ts";
import { requireHome } from "../../daemon-client/home.ts";
import { readHome } from "../../daemon-client/read-home.ts";
import { withProgress } from "../../terminal/progress.ts";
import type { Session } from "../../terminal/session.ts";

/** The most tasks that are named. */
const atWorkMax = 50;

export const verb: Verb = {
  summary:
    "Stop the daemon and its planes; returns when they have ended. Coders' containers keep running for the next daemon.",
  examples: ["aedev daemon stop"],
  async run(session) {
    const { home, environment, entries } = session;
    requireHome(home);
    // A log that can't be read must not prevent stopping the daemon.
    const atWork = await tasksAtWork(session).catch(() => null);
    const startedAtMs = performance.now();
    const result = await withProgress(session, "stopping the daemon", async () =>
      (await entries.daemon()).stopDaemon({ home, environment }),
    );
    const ms = Math.round(performance.now() - startedAtMs);
    const words = {
      stopped: `the daemon has stopped, in ${(ms / 1000).toFixed(1)} s`,
      killed: "the daemon did not stop and was killed; its log is whole after that",
      "not-running": "the daemon was not running",
    }[result];
    const continued =
      atWork === null || atWork.length === 0 ? "" : `; at work, and taken up at the next start: ${atWork.join(", ")}`;
    return done({ running: false, result, at_work: atWork, ms }, `${words}${continued}`);
  },
};

/** Ids of the tasks that are running or being judged. */
function tasksAtWork(session: Session): Promise<string[]> {
  return readHome(session, (reader) =>
    (["running", "judging"] as const).flatMap((status) =>
      reader.tasks({ limit: atWorkMax, status }).tasks.map(({ task_id }) => task_id),
    ),
  );
}
