/** `aedev rule`: what every coder's run in a repository is told, in a person's words. */
import { localTime } from "@aedev/contracts";
import { done } from "../command-line/answer.ts";
import type { Verb } from "../command-line/verb.ts";
import { changeVerb } from "../daemon-client/changes.ts";
import { call } from "../daemon-client/daemon-link.ts";
import { rowsWithLines } from "../render/columns.ts";

const repoFilter = { flags: "--repo <name>", summary: "only this repository" };

const addVerb = changeVerb("addRule", {
  summary: "Add a rule: one line that the coder gets in every run of a repository. At most 20 rules of 300 characters.",
  arguments: [{ name: "<text>", summary: "the rule" }],
  options: [{ flags: "--repo <name>", summary: "the repository", required: true }],
  examples: ["aedev rule add 'Write dates as ISO 8601' --repo tool"],
  input: (input) => ({ body: { text: input.argument(0), repository: input.text("repo") ?? "" } }),
  text: ({ rule_id, repository }) => `${rule_id} is in every prompt of ${repository} from now on`,
});

const listVerb: Verb = {
  summary: "List the rules of all repositories, or of one.",
  options: [repoFilter],
  examples: ["aedev rule list", "aedev rule list --repo tool --json"],
  async run(session, input) {
    const answer = await call(session, "showMemory", {});
    if (answer.kind === "refused") return answer;
    const repo = input.text("repo");
    const rules = answer.document.rules.filter(({ repository }) => repo === undefined || repository === repo);
    const rows = rules.map(({ rule_id, repository, by, at, text }) => ({
      cells: [rule_id, repository, by, localTime(at)],
      under: [text],
    }));
    return done(
      { rules },
      rowsWithLines(["RULE", "REPOSITORY", "BY", "SINCE"], rows, "no rules: aedev rule add TEXT --repo NAME"),
    );
  },
};

const removeVerb = changeVerb("removeRule", {
  summary: "Remove a rule. No further run gets it.",
  arguments: [{ name: "<rule>", summary: "its id" }],
  examples: ["aedev rule remove g-0123456789abcdef"],
  input: (input) => ({ params: { id: input.argument(0) }, body: {} }),
  text: ({ rule_id }) => `${rule_id} removed`,
});

export const verbs = { add: addVerb, list: listVerb, remove: removeVerb };
