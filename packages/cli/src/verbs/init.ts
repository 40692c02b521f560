/** `aedev init`: makes the home. Run again, it changes nothing. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { done, refused } from "../answer.ts";
import type { Verb } from "../verb.ts";

export const verb: Verb = {
  summary: "Make the home: token, keys and empty configuration. What is there already stays as it is.",
  options: [{ flags: "-y, --yes", summary: "don't ask" }],
  examples: ["aedev init", "aedev init --yes", "aedev --home /srv/aedev init --yes"],
  async run(session, input) {
    const { home, terminal } = session;
    const ask = terminal.interactive && !input.flag("yes") && !existsSync(join(home, "token"));
    if (ask && !/^(y|yes|)$/i.test((await terminal.ask(`Make the aedev home ${home}? [Y/n] `)).trim()))
      return refused("declined", "nothing was made", "aedev init --yes");
    const { created } = await (await session.entries.daemon()).initHome({ home });
    const text =
      created.length === 0
        ? `${home} is complete; nothing to do`
        : [`made the home ${home}`, "next: aedev doctor, aedev daemon start"].join("\n");
    return done({ home, created }, text);
  },
};
