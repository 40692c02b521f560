/** `aedev proposal accept`: submits a proposed mission in the person's name; it then needs its answers and its approval. */
import type { Verb } from "../../command-line/verb.ts";
import { call } from "../../daemon-client/daemon-link.ts";
import { clarityAnswer } from "../../intake/mission-clarity.ts";

export const verb: Verb = {
  summary:
    "Submit a proposed mission. It needs its answers and its approval like every other; exits 4 while questions are open.",
  arguments: [{ name: "<proposal>", summary: "its id" }],
  examples: ["aedev proposal accept p-0123456789abcdef"],
  async run(session, input) {
    const answer = await call(session, "acceptProposal", { params: { id: input.argument(0) }, body: {} });
    return answer.kind === "refused" ? answer : clarityAnswer(answer.document);
  },
};
