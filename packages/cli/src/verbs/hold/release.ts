/** `aedev hold release`: lets a held task go on; a hard gate is not lifted by it. */
import { done } from "../../answer.ts";
import { postToDaemon } from "../../session/daemon-link.ts";
import type { Verb } from "../../verb.ts";

export const verb: Verb = {
  summary:
    "Let a held task go on under the settings its run began with (task retry takes changed ones); a hard gate is not lifted by this.",
  arguments: [{ name: "<hold>", summary: "its id" }],
  examples: ["aedev hold release h-0123456789abcdef"],
  async run(session, input) {
    const id = input.argument(0);
    const answer = await postToDaemon(session, `/api/holds/${encodeURIComponent(id)}/release`);
    return answer.kind === "refused" ? answer : done(answer.document, `${id} released; the task goes on`);
  },
};
