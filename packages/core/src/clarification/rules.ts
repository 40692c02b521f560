/** The part of the policy that clarification reads: signals with weights and words, the threshold, the number of questions. */
import type { Policy } from "../policy/policy-schema.ts";

export type ClarificationRules = Policy["clarification"];
