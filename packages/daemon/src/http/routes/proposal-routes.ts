/** Proposed missions over HTTP: list, accept, reject. */
import type { ProposalDocument, RouteAnswer } from "@aedev/contracts/api";
import type { ProposalSource } from "@aedev/contracts/events";
import { findProposal, openProposals, type State, sourceRecords } from "@aedev/core";
import { refuseSubmission, submissionCommand } from "../../clarification/submission.ts";
import { isSourceOn } from "../../configuration/proposal-sources.ts";
import { newId } from "../../control/control.ts";
import type { Blobs, Commands, Configured, Mirrors, Records, Rules } from "../../control/parts.ts";
import { clarityDocument } from "./clarity-document.ts";
import { answer, type Handlers, notFound, refusal } from "./handler.ts";

export function proposalRoutes(control: Blobs & Mirrors & Records & Commands & Rules & Configured<"proposals">) {
  const unknown = (id: string) => notFound("proposal", id, "aedev proposal list");
  const isOn = (source: ProposalSource, repository: string) =>
    isSourceOn(control.configuration.proposals.sources, source, repository);
  const listOf = (state: State): RouteAnswer<"listProposals"> => ({
    proposals: openProposals(state).map(({ repository, proposal: { status: _status, ...proposal } }) => ({
      ...proposal,
      repository: repository as ProposalDocument["repository"],
    })),
    sources: sourceRecords(state, isOn),
  });
  return {
    listProposals: async () => listOf(control.log.state),
    async acceptProposal({ params: { id }, body, caller }) {
      const found = findProposal(control.log.state, id);
      if (found === null) return unknown(id);
      const { repository, proposal } = found;
      const given = { text: proposal.text, criteria: [] };
      const refused = await refuseSubmission(control, given);
      if (refused !== null) return refusal(refused);
      const mission_id = newId("m");
      const wanted = {
        ...given,
        mission_id,
        repository,
        priority: "normal" as const,
        after: [],
        again: body?.again ?? false,
      };
      const { command: mission } = await submissionCommand(control, wanted);
      return answer({ control, caller }, { kind: "AcceptProposal", proposal_id: id, mission }, () =>
        clarityDocument(control, mission_id),
      );
    },
    async rejectProposal({ params: { id }, caller }) {
      if (findProposal(control.log.state, id) === null) return unknown(id);
      return answer({ control, caller }, { kind: "RejectProposal", proposal_id: id }, listOf);
    },
    resumeProposalSource: async ({ params: { name }, body: { source }, caller }) =>
      answer({ control, caller }, { kind: "ResumeProposalSource", repository: name, source }, listOf),
  } satisfies Partial<Handlers>;
}
