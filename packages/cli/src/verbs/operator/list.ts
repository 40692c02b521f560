/** `aedev operator list`: operators and their roles. */
import { actorText } from "@aedev/contracts";
import type { OperatorDocument } from "@aedev/contracts/api";
import { done } from "../../command-line/answer.ts";
import type { Verb } from "../../command-line/verb.ts";
import { readHome } from "../../daemon-client/read-home.ts";
import { columns } from "../../render/columns.ts";

export const verb: Verb = {
  summary: "List the operators with their roles. The owner of the home, who has its own token, is not in the list.",
  examples: ["aedev operator list", "aedev operator list --json"],
  async run(session) {
    const operators = await readHome(session, (home) => home.operators());
    const heads = ["NAME", "ROLE", "GITHUB", "ADDED", "BY", "TOKEN"];
    return done(
      { operators },
      columns(heads, operators.map(row), "no operators yet: aedev operator add NAME --role ROLE"),
    );
  },
};

function row({ name, role, github_login, is_owner, added_at, added_by, token_works }: OperatorDocument): string[] {
  const token = token_works ? "works" : `void since the log was accepted; for a new one: aedev operator add ${name}`;
  return [is_owner ? `${name} (owner)` : name, role, github_login ?? "", added_at, actorText(added_by), token];
}
