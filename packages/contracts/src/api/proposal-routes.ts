/** The routes for proposed missions, which only a person turns into missions. Part of the table in routes.ts. */
import { z } from "zod";
import { openProposalSchema, proposalSourceSchema } from "../events/proposal-events.ts";
import { repositoryNameSchema } from "../ids.ts";
import { emptyBodySchema, idParameterSchema, nameParameterSchema } from "./basics.ts";
import { missionClaritySchema, submissionSchema } from "./mission.ts";

/** A proposed mission that waits for a person. `key` names its cause. */
const proposalSchema = openProposalSchema.extend({ repository: repositoryNameSchema }).meta({ id: "Proposal" });
/** A source of proposals in a repository, and how many of its newest decided proposals a person accepted. `paused`: too few, so it proposes nothing until it is resumed. */
export const proposalSourceDocumentSchema = z
  .strictObject({
    repository: repositoryNameSchema,
    source: proposalSourceSchema,
    /** Whether the configuration switches it on there. */
    on: z.boolean(),
    accepted: z.int().nonnegative(),
    decided: z.int().nonnegative(),
    paused: z.boolean(),
  })
  .meta({ id: "ProposalSource" });
/** A source of proposals in a repository. */
export type ProposalSourceDocument = z.infer<typeof proposalSourceDocumentSchema>;
/** `sources`: those that are switched on or have been decided about. */
const proposalListSchema = z.strictObject({
  proposals: z.array(proposalSchema),
  sources: z.array(proposalSourceDocumentSchema),
});
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
  resumeProposalSource: {
    method: "POST",
    role: "operator",
    path: "/api/repositories/:name/proposals/resume",
    params: nameParameterSchema,
    body: z.strictObject({ source: proposalSourceSchema }),
    refusals: [409],
    summary: "Let a source that paused itself propose again",
    answer: proposalListSchema,
  },
} as const;
