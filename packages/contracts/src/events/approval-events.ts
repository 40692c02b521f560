/** The events of requests for a decision outside the terminal, and the policy's rules about approvals. */
import { z } from "zod";
import { approvalIdSchema, instantSchema } from "../ids.ts";
import { approvalActionSchema, approvalSubjectSchema } from "./approval-subject.ts";
import { deciderFields } from "./decider.ts";

export const approvalEvents = {
  /** A person is asked for a decision outside the terminal. The tokens sent out are derived from this event and a key; the log has no token. */
  ApprovalRequested: z.strictObject({
    approval_id: approvalIdSchema,
    subject: approvalSubjectSchema,
    expires_at: instantSchema,
    epoch: z.int().positive(),
  }),
  /** The approval was used, which can happen only once. The event is written in the transaction of the decision itself. */
  ApprovalUsed: z.strictObject({ action: approvalActionSchema, ...deciderFields }),
};

/** The highest level of change that can be approved on the phone without sign-in. `none`: no change can; `high`: every change can. */
const signInLevelSchema = z.enum(["none", "low", "medium", "high"]);
/** The policy's rules about approvals. */
export const approvalRulesSchema = z.strictObject({
  /** Whoever wrote a mission can't approve it or its change. */
  require_second_person: z.boolean(),
  /** An approval on the phone of a change above this level needs an operator's token. */
  require_sign_in_above: signInLevelSchema,
});
export type ApprovalRules = z.infer<typeof approvalRulesSchema>;
