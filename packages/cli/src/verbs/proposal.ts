/** `aedev proposal`: lists, accepts and rejects proposed missions, and resumes their sources. */

import { counted } from "@aedev/contracts";
import type { ProposalSourceDocument } from "@aedev/contracts/api";
import { proposalSourceSchema } from "@aedev/contracts/events";
import { done, usageFault } from "../command-line/answer.ts";
import type { Verb } from "../command-line/verb.ts";
import { change, changeVerb } from "../daemon-client/changes.ts";
import { call } from "../daemon-client/daemon-link.ts";
import { clarityAnswer } from "../intake/mission-clarity.ts";
import { againOption, submitUnlessSame } from "../intake/same-request.ts";
import { rowsWithLines } from "../render/columns.ts";

const listVerb: Verb = {
  summary: "List the missions that aedev proposes. None of them runs unless you accept it, and then approve it.",
  examples: ["aedev proposal list", "aedev proposal list --json"],
  async run(session) {
    const answer = await call(session, "listProposals", {});
    if (answer.kind === "refused") return answer;
    const rows = answer.document.proposals.map(({ proposal_id, repository, source, proposed_at, title, text }) => ({
      cells: [proposal_id, repository, source, proposed_at, title],
      under: [
        // The first line is the title.
        ...text
          .split("\n")
          .slice(1)
          .filter((line) => line !== ""),
        `next: aedev proposal accept ${proposal_id}, or: aedev proposal reject ${proposal_id}`,
      ],
    }));
    const empty = "nothing is proposed (proposals.sources, docs/MISSIONS.md)";
    const proposals = rowsWithLines(["PROPOSAL", "REPOSITORY", "SOURCE", "PROPOSED", "MISSION"], rows, empty);
    return done(answer.document, [proposals, ...sourceLines(answer.document.sources)].join("\n"));
  },
};

const acceptVerb: Verb = {
  summary:
    "Submit a proposed mission. It needs its answers and its approval like every other; exits 4 while questions are open.",
  arguments: [{ name: "<proposal>", summary: "its id" }],
  options: [againOption],
  examples: ["aedev proposal accept p-0123456789abcdef"],
  async run(session, input) {
    const params = { id: input.argument(0) };
    const asked = { again: input.flag("again") === true, asks: true };
    const command = `aedev proposal accept ${params.id} --again`;
    const answer = await submitUnlessSame(session, { ...asked, command }, (again) =>
      call(session, "acceptProposal", { params, body: again ? { again } : {} }),
    );
    return answer.kind === "refused" ? answer : clarityAnswer(answer.document);
  },
};

const rejectVerb = changeVerb("rejectProposal", {
  summary: "Reject a proposed mission. It does not come back for the same cause.",
  arguments: [{ name: "<proposal>", summary: "its id" }],
  examples: ["aedev proposal reject p-0123456789abcdef"],
  input: (input) => ({ params: { id: input.argument(0) }, body: {} }),
  text: ({ proposals }) => `rejected; ${counted(proposals.length, "proposal")} left: aedev proposal list`,
});

const resumeVerb: Verb = {
  summary: "Let a source that paused itself propose again. What was rejected stays rejected.",
  arguments: [{ name: "<source>", summary: proposalSourceSchema.options.join(", ") }],
  options: [{ flags: "--repo <name>", summary: "the repository" }],
  examples: ["aedev proposal resume todo --repo shop"],
  async run(session, input) {
    const help = "aedev proposal resume --help";
    const source = proposalSourceSchema.safeParse(input.argument(0));
    if (!source.success) throw usageFault(`a source is one of ${proposalSourceSchema.options.join(", ")}`, help);
    const name = input.text("repo");
    if (name === undefined) throw usageFault("--repo NAME is missing", help);
    return change(session, "resumeProposalSource", {
      input: { params: { name }, body: { source: source.data } },
      text: () => `${source.data} proposes in ${name} if proposals.sources.${source.data} is on: aedev proposal list`,
    });
  },
};

/** What is known about each source that was decided about, and the command for each that paused itself. */
function sourceLines(sources: readonly ProposalSourceDocument[]): string[] {
  const lines = sources
    .filter(({ decided }) => decided > 0)
    .map(({ repository, source, on, accepted, decided, paused }) => {
      const state = paused ? `paused itself: aedev proposal resume ${source} --repo ${repository}` : on ? "on" : "off";
      return `  ${source} in ${repository}: you accepted ${accepted} of the last ${decided}; ${state}`;
    });
  return lines.length === 0 ? [] : ["", "sources:", ...lines];
}

export const verbs = { list: listVerb, accept: acceptVerb, reject: rejectVerb, resume: resumeVerb };
