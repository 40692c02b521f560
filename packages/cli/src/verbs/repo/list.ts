/** `aedev repo list`: the registered repositories. */
import { done } from "../../command-line/answer.ts";
import type { Verb } from "../../command-line/verb.ts";
import { readHome } from "../../daemon-client/read-home.ts";
import { columns } from "../../render/columns.ts";
import { resultsWay, writesOf } from "../../render/repository-text.ts";

export const verb: Verb = {
  summary: "List the repositories.",
  examples: ["aedev repo list", "aedev repo list --json"],
  async run(session) {
    const repositories = await readHome(session, (home) => home.repositories());
    const rows = repositories.map((repository) => {
      const { name, url, profile, paused } = repository;
      return [name, url, profile, writesOf(repository), resultsWay(repository), paused ? "paused" : ""];
    });
    return done(
      { repositories },
      columns(
        ["NAME", "ADDRESS", "PROFILE", "WRITES", "LANDING", "PAUSED"],
        rows,
        "no repositories yet: aedev repo add <path-or-url> --name NAME",
      ),
    );
  },
};
