/** `aedev proposal accept`: submits a proposed mission in the person's name; it then still needs answers and an approval. */
import type { Verb } from "../../command-line/verb.ts";
import { call } from "../../daemon-client/daemon-link.ts";
import { clarityAnswer } from "../../intake/mission-clarity.ts";
import { againOption, submitUnlessSame } from "../../intake/same-request.ts";

export const verb: Verb = {
  summary:
    "Submit a proposed mission. It needs its answers and its approval like every other; exits 4 while questions are open.",
  arguments: [{ name: "<proposal>", summary: "its id" }],
  options: [againOption],
  examples: ["aedev proposal accept p-0123456789abcdef"],
  async run(session, input) {
    const params = { id: input.argument(0) };
    const asked = { again: input.flag("again") === true, asks: true };
    const command = `aedev proposal accept ${params.id} --again`;
    const answer = await submitUnlessSame(session, { ...asked, command }, (again) =>
      call(session, "acceptProposal", { params, body: again ? { again } : {} }),
    );
    return answer.kind === "refused" ? answer : clarityAnswer(answer.document);
  },
};
