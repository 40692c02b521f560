/** `aedev hold show`: one open hold with the command that helps. */
import { done } from "../../command-line/answer.ts";
import type { Verb } from "../../command-line/verb.ts";
import { readHome } from "../../daemon-client/read-home.ts";
import { pairs } from "../../render/columns.ts";

export const verb: Verb = {
  summary: "Show a hold and the command that helps.",
  arguments: [{ name: "<hold>", summary: "its id" }],
  examples: ["aedev hold show h-0123456789abcdef"],
  async run(session, input) {
    const hold = await readHome(session, (home) => home.hold(input.argument(0)));
    const text = pairs([
      ["hold", hold.hold_id],
      ["code", hold.code],
      ["detail", hold.detail],
      ["task", hold.task_id],
      ["mission", `${hold.mission_id} ${hold.title}`],
      ["since", hold.held_at],
      ["resumes", hold.resumes_at],
      ["help", hold.help],
    ]);
    return done(hold, text);
  },
};
