/** `aedev repo add`: finds out how a repository is prepared and proven, tries it, and registers it; of a known one it changes what is given. */
import { addRepository } from "../../repo/add-repository.ts";
import { addOptions, givenIn } from "../../repo/given.ts";
import type { Verb } from "../../verb.ts";

export const verb: Verb = {
  summary:
    "Register a repository: finds its commands, tries them in the sandbox, saves them. With a known name, change its settings (what is not given keeps its value).",
  arguments: [
    {
      name: "[path-or-url]",
      summary: "working copy (its origin, where it has one), bare repository or address (default: this folder)",
    },
  ],
  options: addOptions,
  examples: [
    "aedev repo add",
    "aedev repo add ../tool --yes --allow-writes",
    "aedev repo add https://example.org/tool.git --image tool-checks",
    "aedev repo add ../tool --name tool --prepare 'npm ci' --verify 'npm test' --tests 'test/**'",
    "aedev repo add ../tool --name tool --allow-writes",
    "aedev repo add ../tool --no-try",
  ],
  run: (session, input) => addRepository(session, givenIn(input)),
};
