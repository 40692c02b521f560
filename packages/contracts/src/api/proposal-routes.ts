/** The routes for proposed missions, which only a person turns into missions. Part of the table in routes.ts. */
import { z } from "zod";
import { openProposalSchema } from "../events/proposal-events.ts";
import { repositoryNameSchema } from "../ids.ts";
import { emptyBodySchema, idParameterSchema } from "./basics.ts";
import { missionClaritySchema, submissionSchema } from "./mission.ts";

/** A proposed mission that waits for a person. `key` names its cause. */
const proposalSchema = openProposalSchema.extend({ repository: repositoryNameSchema }).meta({ id: "Proposal" });
const proposalListSchema = z.strictObject({ proposals: z.array(proposalSchema) });
/** A proposed mission that waits for a person. */
export type ProposalDocument = z.infer<typeof proposalSchema>;

const decided = {
  method: "POST",
  role: "operator",
  params: idParameterSchema,
  body: emptyBodySchema,
  refusals: [404, 409],
} as const;

export const proposalRouteRows = {
  listProposals: {
    method: "GET",
    role: "viewer",
    path: "/api/proposals",
    summary: "List the proposed missions that wait for a person, oldest first",
    answer: proposalListSchema,
  },
  acceptProposal: {
    ...decided,
    path: "/api/proposals/:id/accept",
    body: z.strictObject({ again: submissionSchema.shape.again }).nullish(),
    summary: "Submit a proposed mission, which then needs its answers and its approval like every other",
    answer: missionClaritySchema,
  },
  rejectProposal: {
    ...decided,
    path: "/api/proposals/:id/reject",
    summary: "Reject a proposed mission for good",
    answer: proposalListSchema,
  },
} as const;
