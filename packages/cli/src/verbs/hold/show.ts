/** `aedev hold show`: one open hold, what it means, what was found, what each run tried, and the command that helps. */
import { done } from "../../command-line/answer.ts";
import type { Verb } from "../../command-line/verb.ts";
import { readHome } from "../../daemon-client/read-home.ts";
import { holdText } from "../../render/hold-text.ts";

export const verb: Verb = {
  summary: "Show a hold: what it means, what was found, what each run tried, what helps.",
  arguments: [{ name: "<hold>", summary: "its id" }],
  examples: ["aedev hold show h-0123456789abcdef"],
  async run(session, input) {
    const hold = await readHome(session, (home) => home.hold(input.argument(0)));
    return done(hold, holdText(hold, session.terminal.sizeOf?.("output")?.columns));
  },
};
