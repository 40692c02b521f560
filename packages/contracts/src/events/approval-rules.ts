/** What the policy asks of a person's approval, as the log keeps it and as a person writes it in `policies.yaml`. */
import { z } from "zod";

/** Levels up to which a change can be approved on the phone without sign-in. `none`: no approval can; `high`: all can. */
const signInLevelSchema = z.enum(["none", "low", "medium", "high"]);
/** Rules about approvals. */
export const approvalRulesSchema = z.strictObject({
  /** Whoever wrote a mission can't approve it or its change. */
  require_second_person: z.boolean(),
  /** An approval on the phone of a change above this level needs an operator's token. */
  require_sign_in_above: signInLevelSchema,
});
/** Rules about approvals. */
export type ApprovalRules = z.infer<typeof approvalRulesSchema>;
