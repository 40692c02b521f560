/** The events of requests for a decision outside the terminal: the request, and its single use. */
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
