/** `aedev events rebuild`: rebuilds the views from the log, through the daemon if it is running. It appends nothing. */
import { done } from "../../command-line/answer.ts";
import type { Verb } from "../../command-line/verb.ts";
import { call, findDaemon } from "../../daemon-client/daemon-link.ts";
import { requireHome } from "../../daemon-client/home.ts";

export const verb: Verb = {
  summary: "Rebuild the views from the log.",
  examples: ["aedev events rebuild"],
  async run(session) {
    const { home, entries } = session;
    requireHome(home);
    if ((await findDaemon(session)) === undefined) await (await entries.daemon()).rebuildViews({ home });
    else {
      const answer = await call(session, "rebuildEvents", {});
      if (answer.kind === "refused") return answer;
    }
    return done({ rebuilt: true }, "the views match the log");
  },
};
