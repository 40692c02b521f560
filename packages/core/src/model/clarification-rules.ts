/** What a command carries of the policy for clarification: the type of that section, whose schema is in `gate/policy`. */
import type { Policy } from "../gate/policy/policy-schema.ts";

export type ClarificationRules = Policy["clarification"];
