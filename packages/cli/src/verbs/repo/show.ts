/** `aedev repo show`: one repository with its settings. */
import { done, refused } from "../../command-line/answer.ts";
import type { Verb } from "../../command-line/verb.ts";
import { readState } from "../../daemon-client/read-state.ts";
import { repositoryText } from "../../render/repository-text.ts";

export const verb: Verb = {
  summary: "Show a repository's settings.",
  arguments: [{ name: "<name>", summary: "its name" }],
  examples: ["aedev repo show tool", "aedev repo show tool --json"],
  async run(session, input) {
    const name = input.argument(0);
    const repository = Object.values((await readState(session)).repositories).find((known) => known.name === name);
    return repository === undefined
      ? refused("unknown-repository", `there is no repository named ${name}`, "aedev repo list")
      : done(repository, repositoryText(repository));
  },
};
