/** `aedev hold release`: lets a held task continue; it does not lift a hard gate. */
import { done } from "../../command-line/answer.ts";
import type { Verb } from "../../command-line/verb.ts";
import { call } from "../../daemon-client/daemon-link.ts";

export const verb: Verb = {
  summary:
    "Let a held task continue with the settings its run started with (task retry uses changed ones). This does not lift a hard gate.",
  arguments: [{ name: "<hold>", summary: "its id" }],
  examples: ["aedev hold release h-0123456789abcdef"],
  async run(session, input) {
    const id = input.argument(0);
    const answer = await call(session, "releaseHold", { params: { id }, body: {} });
    return answer.kind === "refused" ? answer : done(answer.document, `${id} released; the task continues`);
  },
};
