/** The events of requests for a person's decision outside the terminal: requested, and used once. */
import { z } from "zod";
import { approvalIdSchema, instantSchema } from "../ids.ts";
import { approvalActionSchema, approvalSubjectSchema } from "./approval-subject.ts";
import { deciderFields } from "./decider.ts";

export const approvalEvents = {
  /** A person is asked for a decision outside the terminal. The tokens that are sent out are derived from this event and a key; the log has none. */
  ApprovalRequested: z.strictObject({
    approval_id: approvalIdSchema,
    subject: approvalSubjectSchema,
    expires_at: instantSchema,
    epoch: z.int().positive(),
  }),
  /** The approval was used, which is possible once. Written in the same transaction as the decision itself. */
  ApprovalUsed: z.strictObject({ action: approvalActionSchema, ...deciderFields }),
};
