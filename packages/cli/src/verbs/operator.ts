/** `aedev operator`: adds, lists and removes people. */

import { actorText, localTime, operatorNameSchema, roleSchema, roles } from "@aedev/contracts";
import type { OperatorDocument } from "@aedev/contracts/api";
import { done, refused, usageFault } from "../command-line/answer.ts";
import type { Verb } from "../command-line/verb.ts";
import { changeVerb } from "../daemon-client/changes.ts";
import { call } from "../daemon-client/daemon-link.ts";
import { readHome } from "../daemon-client/read-home.ts";
import { columns } from "../render/columns.ts";

const help = "aedev operator add --help";

const addVerb: Verb = {
  summary: "Add an operator: a person with a token and a role. The token is printed once; aedev keeps only its digest.",
  arguments: [{ name: "<name>", summary: "lower-case letters, digits and '-'" }],
  options: [
    { flags: "--role <role>", summary: `${roles.join(", ")} (default operator)` },
    { flags: "--github <login>", summary: "this person's login at GitHub: both are one person to aedev" },
    { flags: "--owner", summary: "this is the owner of the home, for signing in on the phone: still the same person" },
  ],
  examples: [
    "aedev operator add anna",
    "aedev operator add ben --role viewer --github ben-at-github",
    "aedev operator add me --role admin --owner > token.txt",
    "aedev operator add claude --role agent",
  ],
  async run(session, input) {
    const role = roleSchema.safeParse(input.text("role") ?? "operator");
    if (!role.success) throw usageFault(`--role takes ${roles.join(", ")}, not ${input.text("role")}`, help);
    const name = operatorNameSchema.safeParse(input.argument(0));
    if (!name.success) return refused("bad-name", name.error.issues[0]?.message ?? "not an operator's name", help);
    const answer = await call(session, "addOperator", {
      body: {
        name: name.data,
        role: role.data,
        github_login: input.text("github") ?? null,
        is_owner: input.flag("owner"),
      },
    });
    if (answer.kind === "refused") return answer;
    const { operator, token } = answer.document;
    const notice = [
      `aedev: ${operator.name} has the role ${operator.role}. The token above is shown only now; hand it over in a safe way.`,
      "aedev: its holder puts it into a file of mode 600 and names that file with AEDEV_TOKEN_FILE.",
    ];
    return { ...done(answer.document, token), isData: true, notice: notice.join("\n") };
  },
};

const listVerb: Verb = {
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
  return [
    is_owner ? `${name} (owner)` : name,
    role,
    github_login ?? "",
    localTime(added_at),
    actorText(added_by),
    token,
  ];
}

const removeVerb = changeVerb("removeOperator", {
  summary: "Remove an operator; the token stops working at once. What the operator decided stays in the log.",
  arguments: [{ name: "<name>", summary: "the operator's name" }],
  examples: ["aedev operator remove anna"],
  input: (input) => ({ params: { name: input.argument(0) }, body: {} }),
  text: ({ operators }) =>
    `removed; left: ${operators.length === 0 ? "nobody but the owner" : operators.map(({ name }) => name).join(", ")}`,
});

export const verbs = { add: addVerb, list: listVerb, remove: removeVerb };
