/** `aedev events export`: prints the log (with `--views` also its views) as JSON Lines in order, or with `--json` as one document. The output has the same bytes each time. */

import { z } from "zod";
import { done } from "../../command-line/answer.ts";
import type { Verb } from "../../command-line/verb.ts";
import { requireHome } from "../../daemon-client/home.ts";
import { escapeJson } from "../../render/json-text.ts";

export const verb: Verb = {
  summary: "Print the log as JSON Lines, the same bytes each time.",
  options: [
    {
      flags: "--views",
      summary: "after the events, also what they come to: missions, tasks and so on as they are now",
    },
  ],
  examples: ["aedev events export > log.jsonl", "aedev events export --views"],
  async run({ home, entries, terminal, json }, input) {
    requireHome(home);
    const { exportLog } = await entries.daemon();
    const views = input.flag("views");
    if (json) {
      let text = "";
      await exportLog({
        home,
        views,
        write: (lines) => {
          text += lines;
        },
      });
      return done(documentOf(text, views), "");
    }
    await exportLog({ home, views, write: (text) => terminal.write(escapeJson(text)) });
    return { kind: "streamed" };
  },
};

function documentOf(text: string, withViews: boolean): object {
  const rows = text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => z.looseObject({ view: z.string().optional() }).parse(JSON.parse(line)));
  const events = rows.filter((row) => row.view === undefined);
  return withViews ? { events, views: rows.filter((row) => row.view !== undefined) } : { events };
}
