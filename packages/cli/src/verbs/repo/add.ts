/** `aedev repo add`: detects how a repository is prepared and checked, tries that and registers the repository; for a known repository it changes the given settings. */

import type { Verb } from "../../command-line/verb.ts";
import { addRepository } from "../../repo/add-repository.ts";
import { addOptions, givenIn } from "../../repo/given.ts";

export const verb: Verb = {
  summary:
    "Register a repository: find its commands, try them in the sandbox and save them. For a known name, change only the settings you give.",
  arguments: [
    {
      name: "[path-or-url]",
      summary:
        "working copy (its origin, if it has one), bare repository, address, or owner/name on GitHub (default: this folder)",
    },
  ],
  options: addOptions,
  examples: [
    "aedev repo add",
    "aedev repo add ../tool --yes --allow-writes",
    "aedev repo add ../monorepo --path packages/core",
    "aedev repo add octo/hello --landing pull-request",
    "aedev repo add https://example.org/tool.git --image tool-checks",
    "aedev repo add ../tool --name tool --prepare 'npm ci' --verify 'npm test' --tests 'test/**'",
    "aedev repo add ../tool --name tool --allow-writes",
    "aedev repo add ../tool --set-up-run",
    "aedev repo add ../tool --no-try",
  ],
  run: (session, input) => addRepository(session, givenIn(input)),
};
