/** The policy's section for clarification: signals with weights and words, the threshold, and the number of questions. */
import type { Policy } from "../gate/policy/policy-schema.ts";

export type ClarificationRules = Policy["clarification"];
