/** What the policy requires of a person's approval, as the log stores it and as a person writes it in `policies.yaml`. */
import { z } from "zod";

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
