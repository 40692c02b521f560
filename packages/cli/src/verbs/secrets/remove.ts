/** `aedev secrets remove`: removes a secret from its plane's file. */
import { done } from "../../command-line/answer.ts";
import type { Verb } from "../../command-line/verb.ts";
import { findDaemon } from "../../daemon-client/daemon-link.ts";
import { requireHome } from "../../daemon-client/home.ts";

export const verb: Verb = {
  summary: "Remove a stored secret. A running daemon may have it until it is started again.",
  arguments: [{ name: "<name>", summary: "one that is listed by aedev secrets list" }],
  examples: ["aedev secrets remove AEDEV_GITHUB_TOKEN"],
  async run(session, input) {
    const { home, entries } = session;
    const name = input.argument(0);
    requireHome(home);
    const { planes } = await (await entries.daemon()).removeSecret({ home, name });
    const next = (await findDaemon(session)) === undefined ? "" : "; next: aedev daemon restart";
    return done({ name, removed: true, planes }, `${name} is removed${next}`);
  },
};
