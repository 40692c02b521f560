/** `aedev proposal reject`: rejects a proposed mission, which the same cause does not bring back. */
import { counted } from "@aedev/contracts";
import { changeVerb } from "../../daemon-client/changes.ts";

export const verb = changeVerb("rejectProposal", {
  summary: "Reject a proposed mission. It does not come back for the same cause.",
  arguments: [{ name: "<proposal>", summary: "its id" }],
  examples: ["aedev proposal reject p-0123456789abcdef"],
  input: (input) => ({ params: { id: input.argument(0) }, body: {} }),
  text: ({ proposals }) => `rejected; ${counted(proposals.length, "proposal")} left: aedev proposal list`,
});
