/** `aedev repo show`: one repository with its settings. */
import { done } from "../../command-line/answer.ts";
import type { Verb } from "../../command-line/verb.ts";
import { readHome } from "../../daemon-client/read-home.ts";
import { repositoryText } from "../../render/repository-text.ts";

export const verb: Verb = {
  summary: "Show a repository's settings.",
  arguments: [{ name: "<name>", summary: "its name" }],
  examples: ["aedev repo show tool", "aedev repo show tool --json"],
  async run(session, input) {
    const repository = await readHome(session, (home) => home.repository(input.argument(0)));
    return done(repository, repositoryText(repository));
  },
};
