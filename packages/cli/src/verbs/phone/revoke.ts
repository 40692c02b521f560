/** `aedev phone revoke`: stops a link from submitting missions; submitted ones stay. */
import { changeVerb } from "../../daemon-client/changes.ts";

export const verb = changeVerb("revokePhoneLink", {
  summary: "Revoke a link with which a phone submits missions. Missions that it submitted stay.",
  arguments: [{ name: "<link>", summary: "its id" }],
  options: [],
  examples: ["aedev phone revoke l-0123456789abcdef"],
  input: (input) => ({ params: { id: input.argument(0) }, body: {} }),
  text: ({ link_id, status }) => `${link_id} ${status}`,
});
