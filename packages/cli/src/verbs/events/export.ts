/** `aedev events export`: the log, with `--views` its views too, as JSON Lines in order; the same bytes each time. */
import { requireHome } from "../../session/home.ts";
import type { Verb } from "../../verb.ts";

export const verb: Verb = {
  summary: "Print the log as JSON Lines, the same bytes each time.",
  options: [{ flags: "--views", summary: "the views' rows too, after the events" }],
  examples: ["aedev events export > log.jsonl", "aedev events export --views"],
  async run({ home, entries, terminal }, input) {
    requireHome(home);
    await (await entries.daemon()).exportLog({
      home,
      views: input.flag("views"),
      write: (text) => terminal.write(text),
    });
    return { kind: "streamed" };
  },
};
