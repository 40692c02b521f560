/** `aedev hold show`: one open hold with the command that helps. */
import { openHolds } from "@aedev/core";
import { done, refused } from "../../command-line/answer.ts";
import type { Verb } from "../../command-line/verb.ts";
import { readState } from "../../daemon-client/read-state.ts";
import { pairs } from "../../render/columns.ts";

export const verb: Verb = {
  summary: "Show a hold and the command that helps.",
  arguments: [{ name: "<hold>", summary: "its id" }],
  examples: ["aedev hold show h-0123456789abcdef"],
  async run(session, input) {
    const id = input.argument(0);
    const hold = openHolds(await readState(session)).find(({ hold_id }) => hold_id === id);
    if (hold === undefined) return refused("unknown-hold", `there is no open hold ${id}`, "aedev hold list");
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
