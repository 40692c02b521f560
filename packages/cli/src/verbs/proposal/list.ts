/** `aedev proposal list`: missions that aedev proposes, oldest first, with their whole texts. */
import { done } from "../../command-line/answer.ts";
import type { Verb } from "../../command-line/verb.ts";
import { call } from "../../daemon-client/daemon-link.ts";
import { rowsWithLines } from "../../render/columns.ts";

export const verb: Verb = {
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
    const empty = "nothing is proposed (intake.sources, docs/MISSIONS.md)";
    return done(
      answer.document,
      rowsWithLines(["PROPOSAL", "REPOSITORY", "SOURCE", "PROPOSED", "MISSION"], rows, empty),
    );
  },
};
