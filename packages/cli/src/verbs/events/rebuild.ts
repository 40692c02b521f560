/** `aedev events rebuild`: drops the views and makes them anew from the log, through the daemon where it runs. It appends nothing. */
import { done } from "../../answer.ts";
import { findDaemon, postToDaemon } from "../../session/daemon-link.ts";
import { requireHome } from "../../session/home.ts";
import type { Verb } from "../../verb.ts";

export const verb: Verb = {
  summary: "Make the views anew from the log.",
  examples: ["aedev events rebuild"],
  async run(session) {
    const { home, entries } = session;
    requireHome(home);
    if ((await findDaemon(session)) === undefined) await (await entries.daemon()).rebuildViews({ home });
    else {
      const answer = await postToDaemon(session, "/api/events/rebuild");
      if (answer.kind === "refused") return answer;
    }
    return done({ rebuilt: true }, "the views are as the log says");
  },
};
