/** The events of a repository's intake: labels that made no mission, and proposed missions. aedev makes a proposal of something it finds, and only a person turns it into a mission. ADR 0031. */
import { z } from "zod";
import { instantSchema, missionIdSchema, proposalIdSchema } from "../ids.ts";
import { deciderFields } from "./decider.ts";
import { refusedIssueEvents } from "./issue-events.ts";

/** What proposals may come from, in the order in which they are made if there are too many: flaws, then what is broken, then wishes. */
export const proposalSourceSchema = z.enum(["dependabot", "failing-check", "dead-link", "todo", "roadmap"]);
export type ProposalSource = z.infer<typeof proposalSourceSchema>;

/** The maximum length of a proposal's title in characters. */
export const proposalTitleMax = 120;

export const repositoryIntakeEvents = {
  ...refusedIssueEvents,
  /** aedev found something that a mission could change. `title` and `text` quote foreign text; `key` identifies the cause, even if everything else changes. */
  MissionProposed: z.strictObject({
    proposal_id: proposalIdSchema,
    source: proposalSourceSchema,
    key: z.string().min(1).max(300),
    title: z.string().min(1).max(proposalTitleMax),
    text: z.string().min(1).max(4_000),
  }),
  /** A person turned it into a mission, which needs its own approval. */
  ProposalAccepted: z.strictObject({ ...deciderFields, proposal_id: proposalIdSchema, mission_id: missionIdSchema }),
  /** A person rejected it; the same cause does not bring it back. */
  ProposalRejected: z.strictObject({ ...deciderFields, proposal_id: proposalIdSchema }),
  /** Its cause is gone. */
  ProposalEnded: z.strictObject({ proposal_id: proposalIdSchema }),
  /** A person lets a source that paused itself propose again. Earlier decisions about its proposals no longer count. */
  ProposalSourceResumed: z.strictObject({ ...deciderFields, source: proposalSourceSchema }),
};

/** A proposed mission that waits for a person. */
export const openProposalSchema = repositoryIntakeEvents.MissionProposed.extend({ proposed_at: instantSchema });
