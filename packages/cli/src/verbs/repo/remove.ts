/** `aedev repo remove`: removes a repository from aedev; nothing at its remote changes. */
import { changeVerb } from "../../daemon-client/changes.ts";

export const verb = changeVerb("removeRepository", {
  summary:
    "Remove a repository. Its log and evidence stay; its mirror is deleted a day after its last use by aedev gc.",
  arguments: [{ name: "<name>", summary: "its name" }],
  options: [{ flags: "--cancel-open", summary: "cancel its open missions; without this they refuse the removal" }],
  examples: ["aedev repo remove tool", "aedev repo remove tool --cancel-open"],
  input: (input) => ({ params: { name: input.argument(0) }, body: { cancel_open: input.flag("cancelOpen") } }),
  text: ({ name }) => `${name} is removed`,
});
