/** `aedev repo list`: the registered repositories. */
import { landingWayOf } from "@aedev/contracts";
import { done } from "../../command-line/answer.ts";
import type { Verb } from "../../command-line/verb.ts";
import { readHome } from "../../daemon-client/read-home.ts";
import { columns } from "../../render/columns.ts";

export const verb: Verb = {
  summary: "List the repositories.",
  examples: ["aedev repo list", "aedev repo list --json"],
  async run(session) {
    const repositories = await readHome(session, (home) => home.repositories());
    const rows = repositories.map((repository) => {
      const { name, url, profile, allow_writes, paused } = repository;
      const writes = allow_writes ? "allowed" : "no";
      return [name, url, profile, writes, landingWayOf(repository), paused ? "paused" : ""];
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
