/** `aedev operator add`: adds a person with a role, and prints the person's token once. */
import { operatorNameSchema, roleSchema, roles } from "@aedev/contracts";
import { done, refused, usageFault } from "../../command-line/answer.ts";
import type { Verb } from "../../command-line/verb.ts";
import { call } from "../../daemon-client/daemon-link.ts";

const help = "aedev operator add --help";

export const verb: Verb = {
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
